"""Starts a program as a person would, and waits for its output or its pages."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from tests.services.leftovers import unwatch, watch

Answer = TypeVar("Answer")

ROOT = Path(__file__).resolve().parents[2]


def eventually(condition: Callable[[], Answer], seconds: float = 30) -> Answer:
    """Retry until the answer is truthy or time is up; return the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer


class Process:
    """A running program; its output (stdout and stderr together) goes to a file."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        env: Mapping[str, str | None] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        """Start ``command`` with this process's environment changed by ``env`` (None removes).

        It gets its own process group, so that ``kill`` reaches its children too.
        """
        changed = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(env or {})
        self.name = " ".join(map(str, command))
        self.log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in changed.items() if value is not None},
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._popen.pid
        watch(self.pid)

    @property
    def output(self) -> str:
        """Return the program's output so far."""
        return self.log.read_text(errors="replace")

    @property
    def returncode(self) -> int | None:
        """Return the exit code; negative for a signal; None while the program runs."""
        return self._popen.poll()

    def wait_for_line(self, pattern: str, seconds: float = 120) -> re.Match[str]:
        """Wait until a whole line of output matches ``pattern``. Raises AssertionError."""
        line = re.compile(rf"^(?:{pattern})$", re.MULTILINE)
        return self._wait(lambda: line.search(self._lines()), f"the line {pattern!r}", seconds)

    def wait_for_url(self, url: str, seconds: float = 120) -> None:
        """Wait until ``url`` answers 200. Raises AssertionError."""
        self._wait(lambda: _answers(url), f"200 from {url}", seconds)

    def signal(self, number: int) -> None:
        """Send a signal to the program alone, not to its children."""
        self._popen.send_signal(number)

    def terminate(self, seconds: float = 15) -> int:
        """Send SIGTERM and return the exit code; kill the program if it does not end."""
        self._popen.terminate()
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(self._told(f"did not end within {seconds} s of SIGTERM")) from None

    def kill(self) -> None:
        """Kill it and its children at once (SIGKILL), as a power cut would."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        unwatch(self.pid)

    def _lines(self) -> str:
        output = self.output
        return output[: output.rfind("\n") + 1]

    def _wait(self, condition: Callable[[], Answer], what: str, seconds: float) -> Answer:
        eventually(lambda: condition() or self.returncode is not None, seconds)
        ended = self.returncode
        if answer := condition():
            return answer
        problem = f"did not give {what} within {seconds} s"
        raise AssertionError(
            self._told(problem if ended is None else f"ended with {ended} before {what}")
        )

    def _told(self, problem: str) -> str:
        return f"{self.name} {problem}; it printed:\n{self.output[-4000:]}"


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    env: Mapping[str, str | None] | None = None,
    cwd: Path = ROOT,
) -> Iterator[Process]:
    """Run a ``Process`` for the length of a block; at the end kill it and its children."""
    process = Process(command, log, env, cwd)
    try:
        yield process
    finally:
        process.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
