"""Keeps an embedded Redis server running until its last user is gone.

embedded_redis runs this file as a script with ``python -I -S``, so it must import nothing outside
the standard library. It is the server's parent process.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

START_SECONDS = 15  # loading a large append-only file takes a part of it
STOP_SECONDS = 10
STARTED = "ready"


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
    """Fork the keeper and wait for its report; on failure, print it to stderr and exit with 1."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        _keep(server, Path(home), Path(address), writing)
        return
    os.close(writing)
    with os.fdopen(reading) as pipe:
        report = pipe.read() or "its keeper failed"
    sys.exit(None if report == STARTED else report)


def _keep(server: str, home: Path, address: Path, report: int) -> None:
    """Run the server until it has no users; write once to the pipe ``report`` how the start went.

    The server inherits server.lock, so the lock becomes free only when keeper and server are gone.
    """
    os.setsid()  # so that Ctrl-C in the starter's terminal does not reach the server
    os.chdir("/")
    log = os.open(home / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    lock = os.open(home / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.truncate(lock, 0)
    os.write(lock, os.fsencode(address))
    process = subprocess.Popen(
        _command(server, home, address),
        stdin=subprocess.DEVNULL,
        pass_fds=(lock,),
        preexec_fn=_end_with_parent,
        # The server calls setlocale(3) and exits if LC_ALL names a locale that is not installed.
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
    """Let Linux send SIGTERM to the server when the keeper is killed; elsewhere, ``stop`` does."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _wait_until_ready(process: subprocess.Popen[bytes], address: Path) -> str:
    """Wait for the server's first answer: STARTED, or the reason why there is none."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        with suppress(OSError):
            if _answers(address):
                return STARTED
        if time.monotonic() > deadline:
            return f"it did not answer within {START_SECONDS} seconds"
        time.sleep(0.01)
    return f"it ended at once with exit code {process.returncode}"


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(address))
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")


def _wait_until_unused(process: subprocess.Popen[bytes], home: Path) -> None:
    """Return when the server has ended, has no users left, or this process gets a signal."""
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait_for_users() -> None:
        users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_users, daemon=True).start()
    while process.poll() is None and signal.sigwait(signals) == signal.SIGCHLD:
        pass  # SIGCHLD also comes when the child is paused or resumed, so poll() decides


if __name__ == "__main__":
    _detach_keeper(*sys.argv[1:4])
