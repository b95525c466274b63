"""A real Redis for tests, which can be killed, frozen and brought back."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from eqsr.core import embedded_redis
from tests.services.processes import eventually


class RedisServer:
    """The local Redis of one data folder; its URL stays the same whatever happens to it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._pid = 0
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start it, or bring it back with its data after ``kill``."""
        self.url = embedded_redis.ensure(self.data_dir)
        with self.client() as client:
            self._pid = client.info("server")["process_id"]

    def client(self, seconds: float = 10) -> Redis:
        """A client that tries each command once, for so long: a test sees an outage at once."""
        return Redis.from_url(self.url, decode_responses=True, retry=None, socket_timeout=seconds)

    def wipe(self) -> None:
        """Forget everything, as a Redis without a disk does when it restarts."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """End it at once (SIGKILL) and wait until it is gone. ``start`` brings it back."""
        os.kill(self._pid, signal.SIGKILL)
        assert eventually(lambda: not self._answers()), "Redis still answers after SIGKILL"

    def pause(self) -> None:
        """Freeze it: connections are accepted and nothing is answered."""
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.resume()
        embedded_redis.stop(self.data_dir)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return client.ping()
        except RedisError:
            return False


@contextmanager
def redis_server(data_dir: Path) -> Iterator[RedisServer]:
    """A server for the length of a block. Give each pytest-xdist worker its own folder."""
    server = RedisServer(data_dir)
    try:
        yield server
    finally:
        server.stop()
