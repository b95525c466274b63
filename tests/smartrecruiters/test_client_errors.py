"""Every answer that means failure, as the error that the rest of the product sees."""

import gzip

import pytest

from eqsr.core.stored_messages import render
from eqsr.smartrecruiters import http
from eqsr.smartrecruiters.errors import access, base, outages, refusals
from eqsr.smartrecruiters.errors.access import CredentialsRefused, NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Throttled, Unavailable, UnexpectedAnswer
from eqsr.smartrecruiters.errors.refusals import HandshakeFailed, NotFound, RequestRefused
from tests.smartrecruiters.known import GOOD_JOB, JOB, JOB_PATH, failure


@pytest.mark.parametrize(
    ("status", "kind", "fault", "retryable"),
    [
        (302, UnexpectedAnswer, "theirs", True),
        (304, UnexpectedAnswer, "theirs", True),
        (400, RequestRefused, "ours", False),
        (403, NoAccess, "theirs", False),
        (404, NotFound, "theirs", False),
        (405, RequestRefused, "ours", False),
        (408, Unavailable, "theirs", True),
        (409, RequestRefused, "ours", False),
        (410, NotFound, "theirs", False),
        (415, RequestRefused, "ours", False),
        (422, RequestRefused, "ours", False),
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
    assert render(error.sentence).endswith(".")
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


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    "body",
    [
        {"message": "", "errors": [{"code": "OAuthPermissionsException", "message": ""}]},
        {"message": "", "errors": [{"code": "OAUTH_PERMISSIONS_EXCEPTION"}]},
        {"message": "OAuthPermissionsException: jobs_read is needed", "errors": []},
        {"error": "OAuthPermissionsException"},
        b"OAuthPermissionsException",
    ],
)
def test_only_the_scope_error_itself_says_that_a_scope_is_missing(server, client, status, body):
    server.on("GET", JOB_PATH, server.reply(status, body))
    error = failure(client.job, JOB)
    assert type(error) is NoAccess
    assert (error.lacks_scope, error.out_of_reach, error.fault) == (True, False, "connection")
    assert not error.worth_retrying


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "PERMISSION_DENIED"), (403, "NO_ACCESS_TO_JOB"), (400, "NO_ACCESS_TO_CANDIDATE")],
)
def test_out_of_reach_is_no_trouble_of_the_connection_and_is_tried_again(
    server, client, status, code
):
    body = {"message": "", "errors": [{"code": code, "message": ""}]}
    server.on("GET", JOB_PATH, server.reply(status, body))
    error = failure(client.job, JOB)
    assert type(error) is NoAccess
    assert (error.lacks_scope, error.out_of_reach, error.fault) == (False, True, "theirs")
    assert error.worth_retrying


@pytest.mark.parametrize("code", ["CANDIDATE_NOT_FOUND", "JOB_NOT_FOUND"])
def test_a_400_may_say_that_something_is_gone(server, client, code):
    body = {"message": "", "errors": [{"code": code, "message": ""}]}
    server.on("GET", JOB_PATH, server.reply(400, body))
    assert type(failure(client.job, JOB)) is NotFound


def test_403_is_no_access_without_a_new_token(server, client):
    server.on("GET", JOB_PATH, server.reply(403))
    assert type(failure(client.job, JOB)) is NoAccess
    assert len(server.token_calls) == 1


def test_a_limit_on_subscriptions_is_refused_not_a_missing_scope(server, client):
    body = {"message": "", "errors": [{"code": "SUBSCRIPTIONS_LIMIT_EXCEEDED", "message": ""}]}
    server.on("POST", "/webhooks-api/v201907/subscriptions", server.reply(403, body))
    error = failure(client.create_subscription, "https://example.org/hook", ["job.created"])
    assert type(error) is RequestRefused
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
    monkeypatch.setattr(http, "MAX_ANSWER_BYTES", 200_000)
    body = b'{"id": "1", "title": "' + b"x" * 1_000_000 + b'"}'
    if encoding:
        reply = server.reply(200, gzip.compress(body), Content_Encoding=encoding)
    else:
        reply = server.reply(200, body)
    server.on("GET", JOB_PATH, reply)
    error = failure(client.job, JOB)
    assert type(error) is UnexpectedAnswer
    assert "too large" in str(error)


@pytest.mark.parametrize("retry_after", [None, "7", "soon", "-1", "0"])
def test_429_says_when_to_come_back(server, client, retry_after):
    headers = {} if retry_after is None else {"Retry_After": retry_after}
    server.on("GET", JOB_PATH, server.reply(429, None, **headers))
    error = failure(client.job, JOB)
    assert error.retry_after == (7.0 if retry_after == "7" else 1.0)


def test_every_error_has_its_own_code():
    kinds = [
        kind
        for module in (base, access, refusals, outages)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, SmartRecruitersError)
        if kind.__module__ == module.__name__
    ]
    assert len({kind.code for kind in kinds}) == len(kinds) == 10
