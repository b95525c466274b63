"""What is in order is served as ever by the worker that gathers requests first."""

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.services.processes import eventually
from tests.serving.conftest import Server, serving
from tests.serving.slow_clients import SLOW_BODIES, healthz, senders
from tests.smartrecruiters.known_signatures import BODY, SECRET_1
from tests.webhooks.deliveries import signed

pytestmark = pytest.mark.sqlite

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, make_database: Callable[[], str]
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("buffering")
    with serving("as configured", folder, make_database()) as running:
        yield running


def conversation(server: Server, *pieces: bytes, pause: float = 0.0) -> bytes:
    """All that is answered until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        came = b""
        while piece := connection.recv(65536):
            came += piece
    return came


def event(server: Server, event_id: str, *lines: str, body: bytes = BODY) -> bytes:
    facts = signed(BODY, event_id, SECRET_1, time.time())
    head = [
        f"POST /webhooks/smartrecruiters/{server.key} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        *(f"{name}: {value}" for name, value in facts.items()),
        *lines,
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def test_several_in_one_piece_and_one_after_the_other(server):
    assert conversation(server, GET + GET + LAST).count(b"HTTP/1.1 200 ") == 3
    assert conversation(server, GET, GET, LAST, pause=0.1).count(b"HTTP/1.1 200 ") == 3


def test_one_byte_at_a_time(server):
    whole = event(server, "bytes", f"Content-Length: {len(BODY)}", "Connection: close")
    pieces = [whole[at : at + 1] for at in range(len(whole))]
    assert conversation(server, *pieces).startswith(b"HTTP/1.1 202 ")


def test_an_event_in_chunks_and_one_that_asks_to_go_on(server):
    half = len(BODY) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(x), x) for x in (BODY[:half], BODY[half:]))
    chunked = event(server, "chunks", "Transfer-Encoding: chunked", body=chunks + b"0\r\n\r\n")
    assert conversation(server, chunked + LAST).startswith(b"HTTP/1.1 202 ")
    length = f"Content-Length: {len(BODY)}"
    asks = event(server, "asks", length, "Expect: 100-continue", body=b"")
    answer = conversation(server, asks, BODY + LAST, pause=0.3)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 ")
    assert answer.count(b" 100 Continue") == 1


def test_what_is_not_read_does_not_become_the_next_request(server):
    """Smuggled behind a body that nobody reads."""
    hidden = GET * 3
    head = b"POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(hidden)
    answer = conversation(server, head + hidden + LAST)
    assert answer.count(b"HTTP/1.1 404 ") == 1
    assert answer.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: -5",
        b"Content-Length: 5, 5",
        b"Content-Length : 5",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: \x0bchunked",
    ],
)
def test_what_is_unclear_is_refused_and_closed(server, lines):
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + lines + b"\r\n\r\n"
    answer = conversation(server, head + b"0\r\n\r\n" + GET)
    assert answer.split()[1] in (b"400", b"501")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_half_a_request_and_a_connection_that_goes(server):
    for opening in (b"", GET[:20], SLOW_BODIES["form"](server).encode()):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(opening)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                continue
    assert healthz(server) < 3


def test_headers_without_end_are_refused(server):
    answer = conversation(server, b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000)
    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.slow
def test_more_connections_than_it_takes_make_room(server):
    """Those that have said nothing go first."""
    with senders(server, "", 600) as connections:
        assert eventually(lambda: any(map(was_ended, connections)))
        assert healthz(server) < 5


def was_ended(connection: socket.socket) -> bool:
    """The server has answered it, or closed it."""
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


@pytest.mark.slow
def test_it_ends_when_told_although_some_are_slow(tmp_path, make_database):
    with (
        serving("as configured", tmp_path, make_database()) as running,
        senders(running, SLOW_BODIES["form"](running), 5),
        senders(running, "", 5),
    ):
        begun = time.monotonic()
        assert running.process.terminate(40) == 0
        assert time.monotonic() - begun < 25
