"""A network that hangs: stands between the browser and the site, and answers what it likes.

Each connection carries one request, so that every request can meet another fate.
"""

import math
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum

HEAD_END = b"\r\n\r\n"
CHUNK = 65_536


class Fate(Enum):
    """What becomes of a request."""

    SWALLOWED = "it is accepted, and never reaches the site"
    UNANSWERED = "the site gets it, and its answer is lost"
    HALF = "the answer breaks off in the middle, and the connection stays"
    PORTAL = "a hotel's login page answers instead of the site"


PORTAL = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 30\r\n"
    b"Connection: close\r\n\r\n<html><h1>Room number?</h1></p>"
)


@dataclass
class _Rule:
    asked: re.Pattern[str]
    fate: Fate
    times: float


class HangingNetwork:
    """``url`` leads through this network to the site on ``port``."""

    def __init__(self, port: int) -> None:
        self._site = ("127.0.0.1", port)
        self._rules: list[_Rule] = []
        self._open: list[socket.socket] = []
        self.met: list[str] = []
        """The requests that met a fate, such as ``POST /take/…/trials``."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def hang(self, asked: str, fate: Fate = Fate.SWALLOWED, times: float = math.inf) -> None:
        """Let requests like this one (``POST .*/answer``) meet the fate, so many times or until the
        network heals."""
        self._rules.append(_Rule(re.compile(asked), fate, times))

    def heal(self) -> None:
        """From now on everything is answered; what hung is cut off, as when a phone reconnects."""
        self._rules.clear()
        while self._open:
            _cut(self._open.pop())

    def close(self) -> None:
        self._server.close()
        self.heal()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _address = self._server.accept()
                threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with suppress(OSError):
            head, body = _request(caller)
            if not head:
                return caller.close()
            asked = b" ".join(head.split(b" ", 2)[:2]).decode()
            fate = self._fate(asked)
            if fate:
                self.met.append(asked)
                self._open.append(caller)
            if fate is Fate.SWALLOWED:
                return None
            answer = PORTAL if fate is Fate.PORTAL else self._answer(head, body)
            if fate is Fate.UNANSWERED:
                return None
            caller.sendall(answer[: len(answer) - 9] if fate is Fate.HALF else answer)
            if fate is not Fate.HALF:
                _cut(caller)
        return None

    def _fate(self, asked: str) -> Fate | None:
        for rule in list(self._rules):
            if rule.times > 0 and rule.asked.search(asked):
                rule.times -= 1
                return rule.fate
        return None

    def _answer(self, head: bytes, body: bytes) -> bytes:
        """The site's answer as a whole."""
        head = re.sub(rb"(?im)^connection:[^\r]*\r\n", b"", head)
        head = head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        with socket.create_connection(self._site) as site:
            site.sendall(head + body)
            return b"".join(iter(lambda: site.recv(CHUNK), b""))


def _request(caller: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of one request; two empty ones if there is none."""
    got = b""
    while HEAD_END not in got:
        piece = caller.recv(CHUNK)
        if not piece:
            return b"", b""
        got += piece
    head, _end, body = got.partition(HEAD_END)
    head += HEAD_END
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += caller.recv(CHUNK)
    return head, body


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


@contextmanager
def hanging_network(port: int) -> Iterator[HangingNetwork]:
    """Stand before the site on ``port`` for the length of a block."""
    network = HangingNetwork(port)
    try:
        yield network
    finally:
        network.close()
