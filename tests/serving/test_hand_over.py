"""``kill -USR2`` puts a new release in place of the old one, and nobody is kept waiting."""

import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.processes import ROOT, Process, eventually, running
from tools.ports import kept_port

GUNICORN = str(Path(sys.executable).with_name("gunicorn"))
# A release that takes a while to start, as the product's imports do.
START_SECONDS = 3
RELEASE = """
import time
time.sleep({seconds})
{code}
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "3")])
    return [b"{name}"]
"""


class Release:
    """A folder with a release, served by gunicorn as ``gunicorn.conf.py`` sets it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.notices = folder / "notify"

    def install(self, name: str, code: str = "") -> None:
        (self.folder / "app.py").write_text(
            RELEASE.format(name=name, code=code, seconds=START_SECONDS)
        )

    def answer(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read().decode()
        finally:
            connection.close()


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Release]:
    with kept_port() as port:
        made = Release(tmp_path, port)
        made.install("one")
        yield made


@contextmanager
def served(release: Release) -> Iterator[Process]:
    command = [GUNICORN, "app:app", "--config", str(ROOT / "gunicorn.conf.py"), "--workers", "2"]
    command += ["--bind", f"127.0.0.1:{release.port}", "--no-control-socket"]
    environment = {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # else a release of the same second keeps the old bytecode
        "WEB_CONCURRENCY": None,
        "NOTIFY_SOCKET": str(release.notices),
    }
    with running(command, release.folder / "log", environment, cwd=release.folder) as process:
        process.wait_for_url(f"http://127.0.0.1:{release.port}/")
        yield process


@contextmanager
def probed(release: Release) -> Iterator[list[tuple[float, str]]]:
    """Ask all the while, each time on a new connection: (seconds it took, answer or error)."""
    seen: list[tuple[float, str]] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            began = time.monotonic()
            try:
                answer = release.answer()
            except OSError as error:
                answer = repr(error)
            seen.append((time.monotonic() - began, answer))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_nobody_waits_for_a_new_release(release):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, served(release) as old:
        systemd.bind(str(release.notices))
        release.install("two")
        with probed(release) as seen:
            old.signal(signal.SIGUSR2)
            assert eventually(lambda: old.returncode is not None), old.output
            assert eventually(lambda: "promoted" in old.output), old.output
            number = len(seen)
            assert eventually(lambda: len(seen) > number + 20)
        new = _main_process(systemd)
        try:
            assert old.returncode == 0
            assert {answer for _seconds, answer in seen} == {"one", "two"}
            assert seen[-1][1] == "two"
            # A restart would have kept somebody waiting until the new release had started.
            assert max(seconds for seconds, _answer in seen) < START_SECONDS
            # The next release works in the same way.
            release.install("six")
            os.kill(new, signal.SIGUSR2)
            assert eventually(lambda: release.answer() == "six"), old.output
            new = _main_process(systemd, other_than=new)
        finally:
            os.kill(new, signal.SIGTERM)
            assert eventually(lambda: not Path(f"/proc/{new}").exists()), old.output


def test_a_release_that_does_not_start_changes_nothing(release):
    with served(release) as old:
        release.install("bad", code="raise RuntimeError('broken')")
        with probed(release) as seen:
            old.signal(signal.SIGUSR2)
            assert eventually(lambda: "RuntimeError: broken" in old.output), old.output
            assert eventually(lambda: not _listeners(old)), "gunicorn allows one at a time"
        assert old.returncode is None
        assert {answer for _seconds, answer in seen} == {"one"}
        assert release.answer() == "one"
        # And once it is mended, it goes in.
        release.install("two")
        old.signal(signal.SIGUSR2)
        assert eventually(lambda: old.returncode is not None), old.output
        assert eventually(lambda: release.answer() == "two"), old.output
        [new] = _listeners(old)
        os.kill(new, signal.SIGTERM)
        assert eventually(lambda: not Path(f"/proc/{new}").exists()), old.output


def _main_process(systemd: socket.socket, other_than: int = 0) -> int:
    """The id of a main process that systemd was told of; each worker tells."""
    systemd.settimeout(30)
    while True:
        notice = systemd.recv(1000).decode()
        if notice.startswith("MAINPID=") and notice != f"MAINPID={other_than}":
            return int(notice.removeprefix("MAINPID="))


def _listeners(process: Process) -> list[int]:
    """The main processes that started later than ``process`` and still run."""
    started = [
        int(line.split("[")[2].split("]")[0])
        for line in process.output.splitlines()
        if "Starting gunicorn" in line
    ]
    return [pid for pid in started if pid != process.pid and Path(f"/proc/{pid}").exists()]
