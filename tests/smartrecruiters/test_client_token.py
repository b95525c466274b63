"""One token for many calls, threads and clients; renewed early, once, and only when it must be."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event

import pytest

from eqsr.smartrecruiters.errors.outages import Unavailable, UnexpectedAnswer
from tests.smartrecruiters.doubles import InMemoryTokens

TOKEN = "/identity/oauth/token"
NO_JOBS = {"content": []}


@pytest.fixture(autouse=True)
def no_jobs(server):
    server.on("GET", "/jobs", server.reply(200, NO_JOBS))


def test_the_form_that_is_sent(server, client):
    client.check_token()
    (seen,) = server.token_calls
    assert seen.form == {
        "grant_type": ["client_credentials"],
        "client_id": ["client"],
        "client_secret": ["s3cret-of-the-customer"],
    }
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in seen.headers


@pytest.mark.parametrize("secret", ["a&b=c+d e%20", "ключ", "\ud800"])
def test_any_secret_can_be_sent(server, make_client, secret):
    make_client(secret=secret).check_token()
    sent = server.token_calls[0].form["client_secret"]
    assert sent == [secret.encode("utf-8", "replace").decode()]


def test_one_token_serves_many_calls_and_clients_of_a_store(server, make_client):
    tokens = InMemoryTokens()
    for _ in range(3):
        client = make_client(tokens=tokens)
        client.jobs_page()
        client.jobs_page()
    assert len(server.token_calls) == 1


def test_another_secret_never_uses_the_token_of_the_first(server, make_client):
    tokens = InMemoryTokens()
    make_client(tokens=tokens).jobs_page()
    make_client(tokens=tokens, secret="another").jobs_page()
    make_client(tokens=tokens, client_id="another").jobs_page()
    assert len(server.token_calls) == 3


def test_the_store_sees_neither_the_secret_nor_the_client_id(make_client):
    keys = []

    class Watched(InMemoryTokens):
        def put(self, key, token, expires_at):
            keys.append(key)
            super().put(key, token, expires_at)

    make_client(client_id="client-7", tokens=Watched()).check_token()
    assert len(keys) == 1
    assert "s3cret" not in keys[0]
    assert "client-7" not in keys[0]


@pytest.mark.parametrize(
    ("expires_in", "usable"),
    [(1800, 1740), (1799, 1739), (100, 80), ("1800", 1740), (10**9, 86340)],
)
def test_a_token_is_renewed_before_it_expires(server, client, clock, expires_in, usable):
    body = {"access_token": "t", "token_type": "bearer", "expires_in": expires_in}
    server.on("POST", TOKEN, server.reply(200, body))
    client.jobs_page()
    clock.advance(usable - 1)
    client.jobs_page()
    assert len(server.token_calls) == 1
    clock.advance(1)
    client.jobs_page()
    assert len(server.token_calls) == 2


def test_a_life_that_is_not_stated_is_taken_to_be_short(server, client, clock):
    server.on("POST", TOKEN, server.reply(200, {"access_token": "t"}))
    client.jobs_page()
    clock.advance(300)
    client.jobs_page()
    assert len(server.token_calls) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        [],
        {},
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "line\r\nX-Injected: 1"},
        {"access_token": "t", "token_type": "mac"},
        {"access_token": "t", "expires_in": "soon"},
        {"access_token": "t", "expires_in": None},
        {"access_token": "t", "expires_in": 0},
        {"access_token": "t", "expires_in": "nan"},
    ],
)
def test_a_token_answer_that_makes_no_sense(server, client, body):
    server.on("POST", TOKEN, server.reply(200, body))
    with pytest.raises(UnexpectedAnswer) as caught:
        client.jobs_page()
    assert caught.value.endpoint == f"POST {TOKEN}"
    assert not server.calls("/jobs")


def test_checking_the_token_asks_again_even_when_one_is_stored(server, client):
    client.check_token()
    client.check_token()
    assert len(server.token_calls) == 2


def test_threads_that_need_a_token_at_once_fetch_one(server, make_client):
    tokens = InMemoryTokens()
    everybody_is_here = Event()

    def slow_token(handler):
        everybody_is_here.wait(60)
        body = b'{"access_token": "t", "expires_in": 1800}'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.on("POST", TOKEN, server.act(slow_token))
    clients = [make_client(tokens=tokens) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(client.jobs_page) for client in clients]
        everybody_is_here.set()
        assert all(call.result(10).items == () for call in calls)
    assert len(server.token_calls) == 1


def test_a_token_renewed_by_another_worker_is_used_instead_of_a_new_one(server, make_client, clock):
    tokens = InMemoryTokens()
    client = make_client(tokens=tokens)
    client.jobs_page()

    def refused_meanwhile_renewed(handler):
        make_client(tokens=tokens).check_token()
        handler.send_response(401)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.on("GET", "/jobs", server.act(refused_meanwhile_renewed), server.reply(200, NO_JOBS))
    client.jobs_page()
    assert len(server.token_calls) == 2
    assert server.calls("/jobs")[-1].headers["authorization"] == "Bearer token-2"


def test_waiting_for_another_threads_token_ends_in_time(server, make_client):
    asked = Event()

    def hang(handler):
        asked.set()
        handler.server.released.wait(30)
        handler.close_connection = True

    server.on("POST", TOKEN, server.act(hang))
    slow = make_client(read_timeout=60.0)
    hasty = make_client(connect_timeout=0.1, read_timeout=0.1)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.jobs_page)
        assert asked.wait(60)
        with pytest.raises(Unavailable) as caught:
            hasty.jobs_page()
        assert caught.value.reason == "timeout"
        assert len(server.token_calls) == 1
        server.released.set()
        assert isinstance(waiting.exception(60), Unavailable)


def test_a_store_that_keeps_nothing_still_works(server, make_client):
    class Away:
        def get(self, key):
            return None

        def put(self, key, token, expires_at):
            pass

        def drop(self, key):
            pass

        def fetching(self, key, seconds):
            return nullcontext()

    client = make_client(tokens=Away())
    client.jobs_page()
    client.jobs_page()
    assert len(server.token_calls) == 2
