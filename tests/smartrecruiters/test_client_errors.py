"""Every way in which a call can fail, as the error that the rest of the product sees."""

import gzip
import logging
import socket

import pytest

from eqsr.kept import said
from eqsr.smartrecruiters import errors, wire
from eqsr.smartrecruiters.errors import (
    CredentialsRefused,
    HandshakeFailed,
    InvalidId,
    NoAccess,
    NotFound,
    Refused,
    SmartRecruitersError,
    Throttled,
    Unavailable,
    UnexpectedAnswer,
)

JOB = "7f0d1c1e-2f52-4a5e-9d3a-0b6f6a1f9c11"
JOB_PATH = f"/jobs/{JOB}"
CANDIDATE = "b6a3c0a4-8f39-4f0b-8a93-5a9b1c2d3e4f"
GOOD_JOB = {"id": JOB, "title": "Java Developer"}


def failure(call, *args, **kwargs) -> SmartRecruitersError:
    with pytest.raises(SmartRecruitersError) as caught:
        call(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "fault", "retryable"),
    [
        (302, UnexpectedAnswer, "theirs", True),
        (304, UnexpectedAnswer, "theirs", True),
        (400, Refused, "ours", False),
        (403, NoAccess, "connection", False),
        (404, NotFound, "theirs", False),
        (405, Refused, "ours", False),
        (408, Unavailable, "theirs", True),
        (409, Refused, "ours", False),
        (410, NotFound, "theirs", False),
        (415, Refused, "ours", False),
        (422, Refused, "ours", False),
        (424, HandshakeFailed, "ours", True),
        (429, Throttled, "theirs", True),
        (500, Unavailable, "theirs", True),
        (502, Unavailable, "theirs", True),
        (503, Unavailable, "theirs", True),
        (504, Unavailable, "theirs", True),
        (599, Unavailable, "theirs", True),
    ],
)
def test_each_status_becomes_its_error(server, client, status, kind, fault, retryable):
    body = {"message": "private words", "errors": [{"code": "SOME_CODE", "message": "more"}]}
    server.on("GET", JOB_PATH, server.reply(status, body, Location="http://127.0.0.1:9/elsewhere"))
    error = failure(client.job, JOB)
    assert type(error) is kind
    assert (error.fault, error.retryable, error.status) == (fault, retryable, status)
    assert error.endpoint == "GET /jobs/{job_id}"
    assert said(error.sentence).endswith(".")
    assert "private words" not in f"{error} {error!r} {error.sentence}"
    assert JOB not in f"{error} {error!r} {error.sentence}"
    assert len(server.calls(JOB_PATH)) == 1


def test_error_codes_are_read_from_each_documented_shape(server, client):
    server.on(
        "GET",
        JOB_PATH,
        server.reply(400, {"message": "", "errors": [{"code": "A_CODE"}, {"code": "B_CODE"}]}),
        server.reply(400, {"id": "1", "code": "C_CODE", "message": ""}),
        server.reply(400, {"error": "invalid_request", "error_description": "secret"}),
        server.reply(400, b"<html>"),
        server.reply(400, {"errors": [{"code": "not a code!"}, 7], "code": ["x"]}),
    )
    found = [failure(client.job, JOB).codes for _ in range(5)]
    assert found == [("A_CODE", "B_CODE"), ("C_CODE",), ("invalid_request",), (), ()]


def test_401_is_retried_once_with_a_fresh_token(server, client):
    server.on("GET", JOB_PATH, server.reply(401), server.reply(200, GOOD_JOB))
    assert client.job(JOB).title == "Java Developer"
    sent = [seen.headers["authorization"] for seen in server.calls(JOB_PATH)]
    assert sent == ["Bearer token-1", "Bearer token-2"]


def test_401_again_means_no_access_to_this_and_leaves_the_token_alone(server, client):
    server.on("GET", JOB_PATH, server.reply(401, {"message": "Job access denied", "errors": []}))
    server.on("GET", "/jobs", server.reply(200, {"content": []}))
    error = failure(client.job, JOB)
    assert type(error) is NoAccess
    assert error.scope == "jobs_read"
    assert "needs the scope" in error.sentence
    assert len(server.calls(JOB_PATH)) == 2
    client.jobs_page()
    assert len(server.token_calls) == 2
    assert server.calls("/jobs")[0].headers["authorization"] == "Bearer token-2"


def test_403_is_no_access_without_a_new_token(server, client):
    server.on("GET", JOB_PATH, server.reply(403))
    assert type(failure(client.job, JOB)) is NoAccess
    assert len(server.token_calls) == 1


def test_a_limit_on_subscriptions_is_refused_not_a_missing_scope(server, client):
    body = {"message": "", "errors": [{"code": "SUBSCRIPTIONS_LIMIT_EXCEEDED", "message": ""}]}
    server.on("POST", "/webhooks-api/v201907/subscriptions", server.reply(403, body))
    error = failure(client.create_subscription, "https://example.org/hook", ["job.created"])
    assert type(error) is Refused
    assert error.fault == "connection"
    assert "20" in error.sentence


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_credential(server, client, status):
    body = {"error": "invalid_client", "error_description": "Bad client credentials"}
    server.on("POST", "/identity/oauth/token", server.reply(status, body))
    for call in (client.check_token, client.jobs_page):
        error = failure(call)
        assert type(error) is CredentialsRefused
        assert (error.fault, error.retryable) == ("connection", False)
        assert error.codes == ("invalid_client",)
        assert error.endpoint == "POST /identity/oauth/token"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, UnexpectedAnswer), (429, Throttled), (500, Unavailable), (503, Unavailable)],
)
def test_a_token_endpoint_in_trouble_does_not_blame_the_credential(server, client, status, kind):
    server.on("POST", "/identity/oauth/token", server.reply(status))
    assert type(failure(client.check_token)) is kind


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe\xfd",
        b'{"a": NaN}',
        b"[" * 100_000,
        b"[]",
        b"null",
        b"7",
        b"{}",
        b'{"id": null, "title": "x"}',
        b'{"id": true, "title": "x"}',
        b'{"id": "  ", "title": "x"}',
        b'{"id": {}, "title": "x"}',
    ],
)
def test_a_garbage_body_is_an_unexpected_answer(server, client, body):
    server.on("GET", JOB_PATH, server.reply(200, body))
    error = failure(client.job, JOB)
    assert type(error) is UnexpectedAnswer
    assert (error.fault, error.retryable, error.status) == ("theirs", True, 200)


def test_a_body_that_is_not_what_its_encoding_says(server, client):
    server.on("GET", JOB_PATH, server.reply(200, b"plain", Content_Encoding="gzip"))
    assert type(failure(client.job, JOB)) is UnexpectedAnswer


def test_a_compressed_body_is_read(server, client):
    body = gzip.compress(b'{"id": "1", "title": "Packed"}')
    server.on("GET", JOB_PATH, server.reply(200, body, Content_Encoding="gzip"))
    assert client.job(JOB).title == "Packed"


@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_an_answer_above_the_size_cap_is_dropped(server, client, monkeypatch, encoding):
    monkeypatch.setattr(wire, "MAX_ANSWER_BYTES", 200_000)
    body = b'{"id": "1", "title": "' + b"x" * 1_000_000 + b'"}'
    if encoding:
        reply = server.reply(200, gzip.compress(body), Content_Encoding=encoding)
    else:
        reply = server.reply(200, body)
    server.on("GET", JOB_PATH, reply)
    error = failure(client.job, JOB)
    assert type(error) is UnexpectedAnswer
    assert "too large" in str(error)


def test_silence_is_a_timeout(server, make_client):
    server.on("GET", JOB_PATH, server.act(lambda handler: handler.server.released.wait(30)))
    error = failure(make_client(read_timeout=0.2).job, JOB)
    assert type(error) is Unavailable
    assert error.reason == "timeout"
    assert not error.outcome_unknown


def test_an_impatient_copy_gives_up_sooner_and_shares_the_token(server, client):
    server.on("GET", "/jobs", server.reply(200, {"content": []}))
    server.on("GET", JOB_PATH, server.act(lambda handler: handler.server.released.wait(30)))
    client.jobs_page()
    assert failure(client.impatient(read_timeout=0.2).job, JOB).reason == "timeout"
    assert len(server.token_calls) == 1


def test_a_dripping_body_is_cut_off_when_the_time_is_up(server, make_client):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for _ in range(150):
            handler.server.released.wait(0.02)
            handler.wfile.write(b" ")
            handler.wfile.flush()
        cut_before_answer(handler)

    server.on("GET", JOB_PATH, server.act(drip))
    error = failure(make_client(connect_timeout=0.2, read_timeout=0.3).job, JOB)
    assert (type(error), error.reason) == (Unavailable, "timeout")


def cut_before_answer(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def cut_in_the_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "1", "title": "x"}')
    handler.wfile.flush()
    cut_before_answer(handler)


def cut_in_a_chunk(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\n{")
    handler.wfile.flush()
    cut_before_answer(handler)


def no_http_at_all(handler):
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")
    handler.wfile.flush()
    cut_before_answer(handler)


@pytest.mark.parametrize(
    "act", [cut_before_answer, cut_in_the_body, cut_in_a_chunk, no_http_at_all]
)
def test_a_cut_connection(server, client, act):
    server.on("GET", JOB_PATH, server.act(act))
    error = failure(client.job, JOB)
    assert (type(error), error.reason) == (Unavailable, "cut")


def test_nobody_listens(server, make_client):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = failure(make_client(token_url=url + "/identity/oauth/token").check_token)
    assert (type(error), error.reason) == (Unavailable, "no_connection")


def test_a_host_without_an_address(server, make_client):
    error = failure(make_client(api_url="http://host.invalid").jobs_page)
    assert (type(error), error.reason) == (Unavailable, "no_connection")


def test_tls_to_something_that_speaks_none(server, make_client):
    error = failure(make_client(api_url=server.url.replace("http:", "https:")).jobs_page)
    assert (type(error), error.reason) == (Unavailable, "tls")


@pytest.mark.parametrize("reply_kind", ["cut", "status", "garbage"])
def test_a_write_without_a_clear_answer_may_have_happened(server, client, reply_kind):
    reply = {
        "cut": server.act(cut_before_answer),
        "status": server.reply(502),
        "garbage": server.reply(201, b"oops"),
    }[reply_kind]
    server.on("POST", "/messages/shares", reply)
    assert failure(client.add_note, "text", CANDIDATE).outcome_unknown


def test_a_write_that_was_refused_did_not_happen(server, client):
    server.on("POST", "/messages/shares", server.reply(422))
    assert not failure(client.add_note, "text", CANDIDATE).outcome_unknown


@pytest.mark.parametrize("retry_after", [None, "7", "soon", "-1", "0"])
def test_429_says_when_to_come_back(server, client, retry_after):
    headers = {} if retry_after is None else {"Retry_After": retry_after}
    server.on("GET", JOB_PATH, server.reply(429, None, **headers))
    error = failure(client.job, JOB)
    assert error.retry_after == (7.0 if retry_after == "7" else 1.0)


@pytest.mark.parametrize(
    "job_id", ["", ".", "..", "../jobs", "a/b", "a?b", "a#b", "a b", "a\n", "é", "x" * 201, None, 7]
)
def test_what_can_not_be_an_id_is_never_sent(server, client, job_id):
    error = failure(client.job, job_id)
    assert type(error) is InvalidId
    assert error.fault == "ours"
    assert not server.seen


def test_ids_are_percent_encoded(server, client):
    server.on("GET", "/jobs/a%3Ab%2Bc%40d", server.reply(200, {"id": "a", "title": "t"}))
    assert client.job("a:b+c@d").ats_id == "a"


def test_redirects_are_not_followed(server, client):
    server.on("GET", JOB_PATH, server.reply(302, None, Location=f"{server.url}/elsewhere"))
    assert type(failure(client.job, JOB)) is UnexpectedAnswer
    assert not server.calls("/elsewhere")


@pytest.mark.parametrize("url", ["", "api.example.org", "ftp://api.example.org", "https://"])
def test_an_address_must_be_a_full_url(make_client, url):
    with pytest.raises(ValueError, match=r"http\(s\)"):
        make_client(api_url=url)


def test_each_exchange_has_one_log_line_with_facts(server, client, caplog):
    caplog.set_level(logging.DEBUG, "eqsr.smartrecruiters")
    server.on("GET", JOB_PATH, server.reply(401), server.reply(503))
    failure(client.job, JOB)
    lines = [record for record in caplog.records if record.name == "eqsr.smartrecruiters"]
    facts = [(line.message, line.outcome, line.attempt) for line in lines]
    assert facts == [
        ("POST /identity/oauth/token: 200", "ok", 1),
        ("GET /jobs/{job_id}: 401", "ok", 1),
        ("POST /identity/oauth/token: 200", "ok", 1),
        ("GET /jobs/{job_id}: 503", "ok", 2),
    ]
    assert [line.levelno for line in lines] == [
        logging.INFO,
        logging.WARNING,
        logging.INFO,
        logging.WARNING,
    ]
    assert all(line.ms >= 0 for line in lines)


def test_no_secret_is_shown_anywhere(server, client, caplog):
    caplog.set_level(logging.DEBUG)
    server.on("GET", JOB_PATH, server.act(cut_before_answer))
    error = failure(client.job, JOB)
    shown = [repr(client), repr(vars(client)), str(error), repr(error), error.sentence, caplog.text]
    assert error.__cause__ is None
    assert not [text for text in shown if "s3cret" in text or "token-1" in text]


def test_a_cookie_is_not_kept(server, client):
    reply = server.reply(200, GOOD_JOB, Set_Cookie="session=other-customer; Path=/")
    server.on("GET", JOB_PATH, reply)
    client.job(JOB)
    client.job(JOB)
    assert "cookie" not in server.calls(JOB_PATH)[1].headers


def test_a_netrc_does_not_replace_the_token(server, client, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET", JOB_PATH, server.reply(200, GOOD_JOB))
    client.job(JOB)
    assert server.calls(JOB_PATH)[0].headers["authorization"] == "Bearer token-1"
    assert "authorization" not in server.token_calls[0].headers


def test_the_connection_is_kept_open_between_calls(server, client):
    server.on("GET", JOB_PATH, server.reply(200, GOOD_JOB))
    for _ in range(5):
        client.job(JOB)
    assert server.connections == 1


def test_every_error_has_its_own_code():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, SmartRecruitersError)
    ]
    assert len({kind.code for kind in kinds}) == len(kinds) == 10
