"""Clients that send their request slowly."""

import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from tests.serving.conftest import Server

MANY = 80


def post(path: str, *headers: str, body: str = "a=b") -> str:
    kind = "Content-Type: application/x-www-form-urlencoded"
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: 127.0.0.1", kind, *headers, "", body])


SLOW_BODIES: dict[str, Callable[[Server], str]] = {
    "form": lambda server: post("/login", "Content-Length: 1000"),
    "chunked": lambda server: post("/login", "Transfer-Encoding: chunked", body="3e8\r\na"),
    "asked to go on": lambda server: post(
        "/login", "Content-Length: 1000", "Expect: 100-continue", body=""
    ),
    "webhook": lambda server: post(
        f"/webhooks/smartrecruiters/{server.key}", "Content-Length: 1000"
    ),
    "unknown webhook": lambda server: post(
        "/webhooks/smartrecruiters/nobody", "Content-Length: 1000"
    ),
    "no page": lambda server: post("/nowhere", "Content-Length: 1000"),
    "gigabytes": lambda server: post("/login", "Content-Length: 1000000000000"),
}


@contextmanager
def senders(server: Server, opening: str, number: int = MANY) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(_sender(server, opening)) for _ in range(number)]


def _sender(server: Server, opening: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(opening.encode("ascii"))
    return connection


def healthz(server: Server) -> float:
    """Seconds until it answered."""
    begun = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=15) as answer:
        assert answer.status == 200
    return time.monotonic() - begun
