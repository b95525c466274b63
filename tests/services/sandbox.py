"""The sandbox (a local SmartRecruiters and mail sink) in its own process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.openapi.checking import Traffic
from tests.services.processes import Process, running

READY = r"sandbox ready (?P<url>http://\S+) smtp (?P<smtp>\S+:\d+)"


class Sandbox:
    """A running sandbox: its addresses, a client of its control API, and its recorded traffic."""

    def __init__(self, process: Process, traffic: Traffic) -> None:
        self.traffic = traffic
        ready = process.wait_for_line(READY)
        self.process = process
        self.url = ready["url"].rstrip("/")
        self.mail_url = f"smtp://{ready['smtp']}"
        self._http = requests.Session()

    def get(self, path: str, **query: Any) -> Any:
        """GET ``/sandbox/api/<path>`` and return the JSON answer. Raises requests.HTTPError."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON to ``/sandbox/api/<path>``; the JSON answer. Raises requests.HTTPError."""
        return self._call("POST", path, json=body)

    def forget_mails(self) -> None:
        """Empty the mail sink."""
        self._call("DELETE", "mails")

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, **options: Any) -> Any:
        address = f"{self.url}/sandbox/api/{path.lstrip('/')}"
        answer = self._http.request(method, address, timeout=30, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@contextmanager
def sandbox(log: Path, *arguments: str, recorded: bool = True) -> Iterator[Sandbox]:
    """Run a sandbox on free ports; ``arguments`` go to its command line.

    ``recorded``: at the end compare all traffic that was not checked yet with SmartRecruiters'
    published OpenAPI. Raises AssertionError.
    """
    record = log.with_name(f"{log.name}.traffic")
    record.touch()
    command = [sys.executable, "-m", "sandbox", "--port", "0", *arguments]
    command += ["--record", str(record)] if recorded else []
    with running(command, log) as process:
        found = Sandbox(process, Traffic(record))
        try:
            yield found
            found.traffic.check()
        finally:
            found.close()
