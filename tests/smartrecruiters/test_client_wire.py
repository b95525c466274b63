"""No answer, half an answer, or nobody there: the error that the rest of the product sees."""

import socket
from contextlib import suppress

import pytest

from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Unavailable
from tests.smartrecruiters.known import CANDIDATE, JOB, JOB_PATH, cut_before_answer, failure


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
    assert failure(client.with_timeouts(read_timeout=0.2).job, JOB).reason == "timeout"
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


class Heard:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def answered(self) -> None:
        self.told.append("answered")

    def unanswered(self, endpoint: str, reason: str) -> None:
        self.told.append(f"{endpoint} {reason}")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "answered"),
        (403, "answered"),
        (404, "answered"),
        (429, "answered"),
        (408, "GET /jobs/{job_id} 408"),
        (500, "GET /jobs/{job_id} 500"),
        (503, "GET /jobs/{job_id} 503"),
    ],
)
def test_an_observer_learns_whether_there_was_an_answer(server, make_client, status, told):
    server.on("GET", JOB_PATH, server.reply(status, {"id": "1", "title": "x"}))
    client = make_client(observer=(heard := Heard()))
    with suppress(SmartRecruitersError):
        client.job(JOB)
    # The first is the token's. A copy with other timeouts tells the same observer.
    assert heard.told == ["answered", told]
    with suppress(SmartRecruitersError):
        client.with_timeouts().job(JOB)
    assert heard.told == ["answered", told, told]


def test_an_observer_learns_of_silence(server, make_client):
    server.on("GET", JOB_PATH, server.act(lambda handler: handler.server.released.wait(30)))
    failure(make_client(read_timeout=1.0, observer=(heard := Heard())).job, JOB)
    assert heard.told == ["answered", "GET /jobs/{job_id} timeout"]


def test_whoever_waits_longer_does_not_wait_longer_for_a_token(make_client):
    """Others, who have less time, may wait for the same token."""
    client = make_client(read_timeout=130.0)
    assert client._http.timeouts.read == 130.0
    assert client._source._http.timeouts.read == 20.0
