"""A real Redis for machines that have none: one server per data folder, started on first use.

Every process that calls ``ensure`` holds a shared lock on ``users.lock`` until the process ends. A
keeper process (redis_keeper.py) is the server's parent. It waits for an exclusive lock on the same
file, which it gets when the last user is gone; then it stops the server. So the process that
started the server may end while others go on using it.

If the server or its keeper dies, clients see RedisError. Calling ``ensure`` again restarts the
server at the same address with its data (append-only file, synced every second), and existing
clients reconnect.
"""

import fcntl
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from eqsr.core.file_locks import is_free, locked, open_lock
from eqsr.core.redis_server import (
    LocalRedisError,
    ask,
    recorded_address,
    server_binary,
    socket_path,
    where,
)

START_SECONDS = 15  # loading a large append-only file takes a part of it
STOP_SECONDS = 10

KEEPER = str(Path(__file__).with_name("redis_keeper.py"))

_uses: dict[Path, int] = {}  # file descriptor of users.lock per folder, locked by this process


def ensure(data_dir: Path) -> str:
    """Make sure that the server of ``data_dir`` runs, and return its URL (``unix:///…``).

    Safe to call from any number of processes and threads at once. The server then runs at least as
    long as this process, unless it is killed or ``stop`` is called. Takes a few milliseconds when
    the server already runs. Raises LocalRedisError.
    """
    home = _home(data_dir)
    with locked(home / "start.lock"):
        _use(home)
        address = _running(home) or _start(home)
    return _url(address)


def address(data_dir: Path) -> str:
    """The URL (``unix:///…``) at which the server of ``data_dir`` answers once it runs."""
    return _url(where(Path(data_dir).resolve() / "redis"))


def stop(data_dir: Path) -> None:
    """Stop the server of ``data_dir``, if it runs, and wait until it has ended. Its data stays.

    Raises LocalRedisError if it still runs after STOP_SECONDS.
    """
    home = _home(data_dir)
    with locked(home / "start.lock"):
        if (use := _uses.pop(home, None)) is not None:
            os.close(use)
        deadline = time.monotonic() + STOP_SECONDS
        while not is_free(home / "server.lock"):
            with suppress(OSError):
                ask(recorded_address(home), b"SHUTDOWN\r\n")
            if time.monotonic() > deadline:
                raise LocalRedisError(f"The local Redis in {home} does not stop; see server.log.")
            time.sleep(0.02)


def _url(address: Path) -> str:
    return f"unix://{quote(str(address))}"


def _home(data_dir: Path) -> Path:
    home = Path(data_dir).resolve() / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _use(home: Path) -> None:
    """Register this process as a user; waits while a keeper is stopping the server."""
    if home not in _uses:
        file = open_lock(home / "users.lock")
        fcntl.flock(file, fcntl.LOCK_SH)
        _uses[home] = file


def _running(home: Path) -> Path | None:
    """Return the running server's address, or None; waits while one is starting or stopping."""
    deadline = time.monotonic() + START_SECONDS
    while not is_free(home / "server.lock"):
        with suppress(OSError):
            if ask(address := recorded_address(home), b"PING\r\n").startswith(b"+PONG"):
                return address
        if time.monotonic() > deadline:
            raise LocalRedisError(
                f"The local Redis in {home} does not answer; stop the programs that use it "
                "and try again."
            )
        time.sleep(0.02)
    return None


def _start(home: Path) -> Path:
    """Start a keeper and wait until its server answers."""
    server, address = server_binary(), socket_path(home)
    command = [sys.executable, "-I", "-S", KEEPER, str(server), str(home), str(address)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return address
    raise LocalRedisError(
        f"The local Redis could not start ({done.stderr.strip()}): see {home / 'server.log'}; "
        "that folder may be removed, it holds a queue that is made again from the database."
    )
