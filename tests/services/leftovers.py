"""Kills programs that outlive the tests that started them, even after pytest was killed."""

import atexit
import subprocess
import sys
from functools import cache

# Reads "+<group>" and "-<group>" until the tests' process ends, then kills the remaining groups.
REAPER = """
import contextlib, os, signal, sys
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
"""


def watch(group: int) -> None:
    """Kill this process group when the present process ends, unless ``unwatch`` is called first."""
    _tell(f"+{group}")


def unwatch(group: int) -> None:
    """Cancel ``watch``: the group has ended, or other code takes care of it."""
    _tell(f"-{group}")


def _tell(line: str) -> None:
    pipe = _reaper().stdin
    pipe.write(f"{line}\n")
    pipe.flush()


@cache
def _reaper() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", REAPER],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches the tests, and this process must outlive them
    )
    atexit.register(process.communicate)
    return process
