"""What the client does not send, follow, keep or say."""

import logging

import pytest

from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.errors.refusals import InvalidId
from tests.smartrecruiters.known import GOOD_JOB, JOB, JOB_PATH, cut_before_answer, failure


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
