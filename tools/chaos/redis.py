"""A Redis to wipe and kill: one without a disk, or the product's embedded one."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import redis as client_library
from redis.exceptions import RedisError

from eqsr.core import embedded_redis, redis_server
from tests.services.processes import Process


class Redis:
    """``url`` is the product's setting: empty for the embedded server."""

    def __init__(self, url: str, address: str, process: Process | None, restart) -> None:
        self.url = url
        self._address, self._process, self._restart = address, process, restart

    def wipe(self) -> None:
        with suppress(RedisError), self._client() as client:
            client.flushall()

    def away(self, seconds: float) -> None:
        """Kill it with SIGKILL and restart it after this many seconds, empty if it has no disk."""
        with suppress(RedisError, ProcessLookupError):
            with self._client() as client:
                pid = client.info("server")["process_id"]
            os.kill(pid, signal.SIGKILL)
        time.sleep(seconds)
        self._restart()

    def _client(self) -> client_library.Redis:
        return client_library.Redis.from_url(self._address, retry=None, socket_timeout=3)


@contextmanager
def redis(folder: Path, *, own: bool) -> Iterator[Redis]:
    if not own:
        data = folder / "data"
        address = embedded_redis.ensure(data)
        try:
            yield Redis("", address, None, lambda: embedded_redis.ensure(data))
        finally:
            embedded_redis.stop(data)
        return
    # A socket's path must be short.
    with TemporaryDirectory(prefix="eqsr-") as short:
        socket = Path(short) / "redis.sock"
        started: list[Process] = []

        def start() -> None:
            if started:
                started[-1].kill()
            started.append(_server(socket, folder / f"redis-{len(started)}.log"))

        start()
        try:
            yield Redis(f"unix://{socket}", f"unix://{socket}", None, start)
        finally:
            started[-1].kill()


def _server(socket: Path, log: Path) -> Process:
    binary = redis_server.server_binary()
    options = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"]
    process = Process([str(binary), *map(str, options)], log, {"LC_ALL": "C"})
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with suppress(RedisError):
            with client_library.Redis(unix_socket_path=str(socket), retry=None) as client:
                client.ping()
            return process
        time.sleep(0.02)
    raise AssertionError(f"Redis did not start; it printed:\n{process.output}")
