"""Senders that take their time, or send without end, hold up nobody else. Real servers, this
machine only."""

import socket
import statistics
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from serving.patience import BODY_SECONDS, HEAD_SECONDS
from tests.serving.conftest import Server
from tests.serving.slow_clients import SLOW_BODIES, _sender, healthz, post, senders
from tests.smartrecruiters.known_signatures import BODY, SECRET_1
from tests.webhooks.deliveries import signed

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]
SLOW_HEADS: dict[str, Callable[[Server], str]] = {
    "headers": lambda server: "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
    "silence": lambda server: "",
    "asked, not closed": lambda server: "GET /healthz HTTP/1.0\r\n\r\n",
}


def drip(connections: list[socket.socket]) -> None:
    for connection in connections:
        try:
            connection.sendall(b"a")
        except OSError:
            continue  # cut off


def deliver(server: Server, event_id: str) -> int:
    """The status of an event in order, sent in one piece."""
    headers = signed(BODY, event_id, SECRET_1, time.time())
    url = f"http://127.0.0.1:{server.port}/webhooks/smartrecruiters/{server.key}"
    request = urllib.request.Request(url, BODY, headers | {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=15) as answer:
        return answer.status


def answer_of(connection: socket.socket, seconds: float) -> bytes:
    """All that comes until the other end closes; fails when it does not."""
    came, end = b"", time.monotonic() + seconds
    while True:
        connection.settimeout(max(0.05, end - time.monotonic()))
        try:
            piece = connection.recv(65536)
        except ConnectionError:
            return came
        if not piece:
            return came
        came += piece


def assert_others_are_served(server: Server, opening: str) -> None:
    with senders(server, opening) as connections:
        took = []
        for _ in range(7):
            took.append(healthz(server))
            drip(connections)
            time.sleep(0.1)
        assert statistics.median(took) < 1, took
        assert max(took) < 3, took  # one moment's load of this machine is no fault


@pytest.mark.parametrize("kind", SLOW_BODIES)
def test_slow_bodies_leave_healthz_under_a_second(server, kind):
    assert_others_are_served(server, SLOW_BODIES[kind](server))


@pytest.mark.parametrize("kind", SLOW_HEADS)
def test_slow_headers_leave_healthz_under_a_second(server, kind):
    if server.name == "plain gthread":
        pytest.skip("gunicorn's own worker waits for headers; gunicorn.conf.py brings ours")
    assert_others_are_served(server, SLOW_HEADS[kind](server))


def test_an_event_gets_through_a_crowd_of_slow_ones(server):
    if server.name == "plain gthread":
        pytest.skip("few bodies at a time; what is refused is delivered again")
    with senders(server, SLOW_BODIES["webhook"](server)) as connections:
        drip(connections)
        begun = time.monotonic()
        assert deliver(server, f"crowd-{server.port}") == 202
        assert time.monotonic() - begun < 3


def test_nobody_lives_there_is_said_before_the_body_comes(server):
    if server.name == "waitress":
        pytest.skip("waitress hands over what has arrived as a whole")
    with senders(server, SLOW_BODIES["unknown webhook"](server), 1) as [connection]:
        assert answer_of(connection, 10).startswith(b"HTTP/1.1 404 ")


def test_too_large_is_said_before_the_body_comes(server):
    if server.name == "waitress":
        pytest.skip("waitress hands over what has arrived as a whole")
    for path in ("/login", f"/webhooks/smartrecruiters/{server.key}"):
        with senders(server, post(path, "Content-Length: 300000"), 1) as [connection]:
            time.sleep(0.2)
            rest = b"a" * (299_997 if server.name in ("as configured", "the demo") else 0)
            connection.sendall(rest)
            assert answer_of(connection, 10).startswith(b"HTTP/1.1 413 "), path


def test_what_takes_too_long_is_cut_off_however_it_drips(server):
    """Also with a byte every now and then."""
    if server.name == "waitress":
        pytest.skip("waitress's own channel_timeout does that")
    kinds = {"form": BODY_SECONDS, "chunked": BODY_SECONDS, "webhook": BODY_SECONDS + 1}
    if server.name != "plain gthread":
        kinds["headers"] = HEAD_SECONDS
    openings = {name: (SLOW_BODIES | SLOW_HEADS)[name](server) for name in kinds}
    with ExitStack() as stack:
        open_ = {
            name: stack.enter_context(_sender(server, opening))
            for name, opening in openings.items()
        }
        begun, ended = time.monotonic(), {}
        while open_ and time.monotonic() - begun < 40:
            drip(list(open_.values()))
            for name, connection in list(open_.items()):
                connection.settimeout(0.1)
                try:
                    answer = connection.recv(65536)
                except TimeoutError:
                    continue
                except ConnectionError:
                    answer = b"reset"
                ended[name] = (time.monotonic() - begun, answer[:13])
                del open_[name]
    assert not open_, f"not cut off: {list(open_)}"
    for name, (seconds, answer) in ended.items():
        assert answer == b"HTTP/1.1 408 ", (name, answer)
        assert kinds[name] - 1 < seconds < kinds[name] + 10, (name, seconds)
