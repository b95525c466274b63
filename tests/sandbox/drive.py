"""Driving a real sandbox process over HTTP, and a webhook receiver that tests can program."""

import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from tests.openapi.checking import Traffic

ROOT = Path(__file__).resolve().parents[2]
BASE = "/webhooks-api/v201907/subscriptions"
ALL_EVENTS = [
    "application.created",
    "application.status.updated",
    "job.created",
    "job.updated",
    "job.status.updated",
    "candidate.updated",
    "candidate.deleted",
]


def eventually(found: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Return the first truthy value of ``found``, or fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("this did not happen in time")


@dataclass
class Sandbox:
    """Addresses of a running sandbox process, with the control API at hand."""

    url: str
    smtp_host: str
    smtp_port: int
    process: subprocess.Popen[str]
    traffic: Traffic
    session: requests.Session = field(default_factory=requests.Session)

    def control(self, method: str, path: str, expect: int | None = None, **body: Any) -> Any:
        answer = self.session.request(method, f"{self.url}/sandbox/api{path}", json=body or None)
        if expect is not None:
            assert answer.status_code == expect, answer.text
            return answer
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def stop(self) -> None:
        """End the process by SIGTERM; it must exit with 0."""
        self.session.close()
        self.traffic.forget()
        self.process.terminate()
        assert self.process.wait(30) == 0
        if self.process.stdout is not None:
            self.process.stdout.close()

    def company(self, name: str = "Test Company") -> "Tenant":
        made = self.control("POST", "/companies", name=name)
        return Tenant(self, made["id"], made)


@dataclass
class Tenant:
    """One company with a client of full scope."""

    sandbox: Sandbox
    id: str
    facts: dict[str, Any]
    token: str = ""
    owner: dict[str, Any] | None = None

    def control(self, method: str, path: str, **body: Any) -> Any:
        return self.sandbox.control(method, f"/companies/{self.id}{path}", **body)

    def credential(self, scopes: Any = "all", **more: Any) -> dict[str, Any]:
        return self.control("POST", "/credentials", name="Tests", scopes=scopes, **more)

    def new_token(self, scopes: Any = "all", **more: Any) -> str:
        return token_for(self.sandbox, self.credential(scopes, **more))

    def api(self, method: str, path: str, token: str | None = None, **options: Any) -> Any:
        if token is None:
            self.owner = self.owner or self.credential()
            self.token = self.token or token_for(self.sandbox, self.owner)
            token = self.token
        headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        return requests.request(
            method, self.sandbox.url + path, headers=headers, timeout=60, **options
        )

    def job(self, title: str = "Tester", **more: Any) -> str:
        return self.control("POST", "/jobs", title=title, **more)["id"]

    def candidate(self, job_id: str | None, **more: Any) -> str:
        wish = {"firstName": "Ada", "lastName": "Jansen", "email": "ada@example.org"} | more
        return self.control("POST", "/candidates", jobId=job_id, **wish)["id"]

    def move(
        self, candidate_id: str, job_id: str, status: str, sub_status: str | None = None
    ) -> Any:
        return self.control(
            "POST",
            "/moves",
            candidateId=candidate_id,
            jobId=job_id,
            status=status,
            subStatus=sub_status,
        )


def token_for(sandbox: Sandbox, credential: dict[str, Any]) -> str:
    answer = requests.post(
        f"{sandbox.url}/identity/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": credential["clientId"],
            "client_secret": credential["clientSecret"],
        },
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def start_sandbox(*options: str) -> Sandbox:
    descriptor, record = tempfile.mkstemp(suffix=".traffic")
    os.close(descriptor)
    process = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "sandbox",
            "--port",
            "0",
            "--record",
            record,
            *options,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"sandbox ready (http://\S+) smtp (\S+):(\d+)\n", line)
    assert found, line
    return Sandbox(found[1], found[2], int(found[3]), process, Traffic(Path(record)))


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A webhook receiver. ``answers`` holds the status codes to give; 202 when it is empty."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.handshakes: list[Received] = []
        self.answers: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.handshake: Callable[[str], tuple[int, str]] = lambda secret: (200, secret)
        self.delay_seconds = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.answer(self, Received(headers, body))

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler, received: Received) -> None:
        secret = received.headers.get("x-hook-secret")
        if secret is not None:
            self.handshakes.append(received)
            status, echo = self.handshake(secret)
            request.send_response(status)
            request.send_header("X-Hook-Secret", echo)
        else:
            time.sleep(self.delay_seconds)
            self.received.append(received)
            request.send_response(202 if self.answers.empty() else self.answers.get())
        request.send_header("Content-Length", "0")
        request.end_headers()

    def wait_for(self, count: int) -> list[Received]:
        eventually(lambda: len(self.received) >= count)
        return list(self.received)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def subscribe(
    tenant: Tenant, receiver: Receiver, events: list[str] | None = None, key: bool = True
) -> tuple[str, str]:
    """Create, activate and (with ``key``) sign a subscription; return its id and secret."""
    wish = {"callbackUrl": receiver.url, "events": events or ALL_EVENTS}
    created = tenant.api("POST", BASE, json=wish)
    assert created.status_code == 201, created.text
    subscription_id = created.json()["id"]
    secret = ""
    if key:
        made = tenant.api("POST", f"{BASE}/{subscription_id}/secret-key")
        assert made.status_code == 201
        secret = made.json()["secretKey"]
    assert tenant.api("PUT", f"{BASE}/{subscription_id}/activation").status_code == 204
    return subscription_id, secret
