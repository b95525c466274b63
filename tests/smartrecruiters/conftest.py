"""A real local HTTP server that answers as each test scripts it, and clients pointed at it."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.sessions import new_session
from tests.smartrecruiters.doubles import InMemoryTokens, NoLimits

TOKEN_PATH = "/identity/oauth/token"
SECRET = "s3cret-of-the-customer"


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 13, 12, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Seen:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


@dataclass
class Reply:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    act: Callable[["Handler"], None] | None = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, url.path, parse_qs(url.query), headers, self.rfile.read(length))
        reply = self.server.next_reply(seen)
        if reply.act is not None:
            reply.act(self)
            return
        body = reply.body
        if body is None:
            body = b""
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Replies are used up in the order given; the last one of a path repeats."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.unscripted: list[str] = []
        self.connections = 0
        self.released = threading.Event()
        self._scripts: dict[tuple[str, str], list[Reply]] = {}
        self._tokens = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def on(self, method: str, path: str, *replies: Reply) -> None:
        self._scripts[method, path] = list(replies)

    def reply(self, status: int = 200, body: Any = None, **headers: str) -> Reply:
        return Reply(status, body, {name.replace("_", "-"): text for name, text in headers.items()})

    def act(self, action: Callable[[Handler], None]) -> Reply:
        return Reply(act=action)

    def next_reply(self, seen: Seen) -> Reply:
        with self._lock:
            self.seen.append(seen)
            script = self._scripts.get((seen.method, seen.path))
            if script:
                return script.pop(0) if len(script) > 1 else script[0]
            if seen.path == TOKEN_PATH:
                self._tokens += 1
                token = {"access_token": f"token-{self._tokens}", "token_type": "Bearer"}
                return Reply(200, {**token, "expires_in": 1800})
            self.unscripted.append(f"{seen.method} {seen.path}")
            return Reply(599)

    def calls(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    @property
    def token_calls(self) -> list[Seen]:
        return self.calls(TOKEN_PATH)

    def get_request(self) -> Any:
        self.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()
    assert not server.unscripted


@pytest.fixture
def make_client(server: Server, clock: Clock) -> Iterator[Callable[..., SmartRecruiters]]:
    """Makes clients of one credential; keywords replace what they are made with."""
    sessions = []

    def make(client_id: str = "client", secret: str = SECRET, **changes: Any) -> SmartRecruiters:
        sessions.append(new_session())
        wiring = {
            "api_url": server.url,
            "token_url": server.url + TOKEN_PATH,
            "tokens": InMemoryTokens(),
            "limits": NoLimits(),
            "connect_timeout": 5.0,
            "read_timeout": 10.0,
            "clock": clock,
            "session": sessions[-1],
        }
        return SmartRecruiters(client_id, secret, **{**wiring, **changes})

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def client(make_client: Callable[..., SmartRecruiters]) -> SmartRecruiters:
    return make_client()
