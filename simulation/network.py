"""The network: every call between the product, SmartRecruiters and browsers passes here.

It takes the place of ``requests``' adapter and of sockets. Faults (see ``simulation.faults``)
delay, drop, cut and falsify; each call is a line of the log.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3
from werkzeug.test import run_wsgi_app

from simulation.faults import Weather
from simulation.log import Log
from simulation.scheduler import Scheduler
from simulation.tasks import Process

PRODUCT, SMARTRECRUITERS = "127.0.0.1:8000", "127.0.0.1:9000"
WSGI = Callable[[dict[str, Any], Any], Any]

# Answers that stand for a fault of SmartRecruiters: status, body.
SPOILT = {
    "500": (500, b'{"message": "Internal error"}'),
    "502": (502, b"<html>Bad gateway</html>"),
    "503": (503, b'{"message": "Unavailable"}'),
    "429": (429, b'{"message": "Too many requests"}'),
    "401": (401, b'{"message": "Unauthorized"}'),
    "403": (
        403,
        b'{"message": "The credential lacks a scope.", "errors": [{"code":'
        b' "OAuthPermissionsException", "message": "The credential lacks a scope."}]}',
    ),
    "denied": (403, b'{"message": "There is no permission.", "errors": []}'),
    "422": (422, b'{"message": "This can not be processed", "errors": []}'),
    "garbage": (200, b"<<<{not json"),
}


@dataclass
class Answer:
    """An HTTP answer as a browser or a client gets it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """The first header of this name, or ''."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class NoAnswer(Exception):
    """The connection was refused, cut or too slow."""


class Network:
    """Carries requests. ``webs``: the product's web processes, which take turns."""

    def __init__(self, scheduler: Scheduler, weather: Weather, log: Log) -> None:
        self._scheduler, self._weather, self._log = scheduler, weather, log
        self.product: WSGI
        self.sandbox: WSGI
        self.company_of: Callable[[str, bytes], str] = lambda token, body: ""
        self.webs: list[Process] = []
        self._turn = 0

    def install(self) -> None:
        """Let ``requests`` send everything here."""
        network = self

        def send(
            adapter: requests.adapters.HTTPAdapter,
            request: requests.PreparedRequest,
            stream: bool = False,
            timeout: Any = None,
            **_: Any,
        ) -> requests.Response:
            return network._carry(adapter, request, timeout)

        requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign]
        # Reading .netrc, proxies and certificates costs more than everything else in a call.
        requests.Session.merge_environment_settings = (  # type: ignore[method-assign]
            lambda self, url, proxies, stream, verify, cert: {
                "proxies": {},
                "stream": stream,
                "verify": verify,
                "cert": cert,
            }
        )

    def _carry(
        self, adapter: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, wait: Any
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        seconds = sum(wait) if isinstance(wait, tuple) else float(wait or 30)
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        environ = _environ(request.method or "GET", parts, dict(request.headers), body)
        if parts.netloc == PRODUCT:
            try:
                answer = self.to_product(environ, seconds, "smartrecruiters")
            except NoAnswer as error:
                raise requests.ConnectionError(str(error)) from None
        else:
            answer = self._to_smartrecruiters(environ, request, body, seconds)
        raw = urllib3.HTTPResponse(
            body=io.BytesIO(answer.body),
            headers=answer.headers,
            status=answer.status,
            preload_content=False,
        )
        return adapter.build_response(request, raw)

    # -- to SmartRecruiters

    def _to_smartrecruiters(
        self,
        environ: dict[str, Any],
        request: requests.PreparedRequest,
        body: bytes,
        seconds: float,
    ) -> Answer:
        token = str(request.headers.get("Authorization", "")).removeprefix("Bearer ")
        company = self.company_of(token, body)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        fault = self._weather.of_call(company, method, path)
        kind = fault.kind if fault else ""
        line = f"{method} {path}"
        self._scheduler.seam()
        if kind == "refuse":
            self._log.add("call", f"{line}: connection refused", company=company)
            reason = urllib3.exceptions.NewConnectionError(None, "refused")  # type: ignore[arg-type]
            raise requests.ConnectionError(
                urllib3.exceptions.MaxRetryError(None, path, reason)  # type: ignore[arg-type]
            )
        if kind == "hang":
            self._log.add("call", f"{line}: never answered", company=company)
            self._scheduler.sleep(seconds)
            raise requests.ReadTimeout("timed out")
        if kind in SPOILT:
            status, spoilt = SPOILT[kind]
            self._log.add("call", f"{line}: {kind} (a fault)", company=company)
            return Answer(status, [("Content-Type", "application/json")], spoilt)
        if fault and kind == "slow":
            self._scheduler.sleep(min(fault.seconds, seconds * 0.9))
        if kind == "behind":
            environ["simulation.behind"] = True
        answer = run(self.sandbox, environ)
        self._log.add("call", f"{line}: {answer.status}", company=company)
        if kind == "lost":
            self._log.add("call", f"{line}: the answer was lost", company=company)
            self._scheduler.sleep(seconds)
            raise requests.ReadTimeout("timed out")
        if kind == "cut":
            self._log.add("call", f"{line}: cut before the answer", company=company)
            raise requests.ConnectionError("cut")
        self._scheduler.seam()
        return answer

    # -- to the product

    def to_product(self, environ: dict[str, Any], seconds: float, by: str) -> Answer:
        """Have a web process serve a request. Raises NoAnswer.

        The server goes on when the client has given up.
        """
        line = f"{environ['REQUEST_METHOD']} {hidden(environ['PATH_INFO'])}"
        alive = [web for web in self.webs if not web.dead]
        fault = self._weather.of_visit(by)
        if not alive or (fault and fault.kind == "refuse"):
            self._log.add("visit", f"{line} by {by}: connection refused")
            raise NoAnswer("connection refused")
        self._turn += 1
        web = alive[self._turn % len(alive)]
        if fault and fault.kind == "slow":
            self._scheduler.sleep(fault.seconds)
        task = self._scheduler.spawn(line, lambda: run(self.product, environ), web)
        if not self._scheduler.join(task, seconds):
            self._log.add("visit", f"{line} by {by}: no answer in time")
            raise NoAnswer("timeout")
        if task.error is not None:
            self._log.add("visit", f"{line} by {by}: the web process died")
            raise NoAnswer("reset")
        answer: Answer = task.result
        self._log.add("visit", f"{line} by {by}: {answer.status}")
        if fault and fault.kind == "cut":
            raise NoAnswer("cut")
        return answer


def run(application: WSGI, environ: dict[str, Any]) -> Answer:
    """Call a WSGI application and read its whole answer."""
    chunks, status, headers = run_wsgi_app(application, environ, buffered=True)
    return Answer(int(status.split(" ", 1)[0]), list(headers), b"".join(chunks))


def _environ(method: str, parts: Any, headers: dict[str, Any], body: bytes) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": requests.utils.unquote(parts.path or "/"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ


def page_environ(
    method: str, url: str, headers: dict[str, str], form: bytes = b""
) -> dict[str, Any]:
    """The environ of a browser's request to the product."""
    return _environ(method, urlsplit(f"http://{PRODUCT}{url}"), headers, form)


def client_id_in(body: bytes) -> str:
    """The client id in a request for a token."""
    return parse_qs(body.decode("utf-8", "replace")).get("client_id", [""])[0]


def hidden(path: str) -> str:
    """A path whose secret or random parts are shortened."""
    return "/".join(part if len(part) < 24 else f"{part[:8]}…" for part in path.split("/"))
