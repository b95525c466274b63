"""No program outlives the tests that started it, even when pytest itself is killed."""

import atexit
import subprocess
import sys
from functools import cache

# Reads "+<group>" and "-<group>" until the tests' process is gone, then kills what is left.
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
    """Kill this process group when the present process ends without having taken it back."""
    _tell(f"+{group}")


def unwatch(group: int) -> None:
    """Take back ``watch``: the group has ended, or somebody else looks after it."""
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
        start_new_session=True,  # Ctrl-C reaches the tests, and it has to outlive them
    )
    atexit.register(process.communicate)
    return process
