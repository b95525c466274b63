"""A real Redis for tests that can be killed, frozen and restarted."""

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
    """The local Redis of one data folder; its URL never changes."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._pid = 0
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start the server; after ``kill`` it still has its data."""
        self.url = embedded_redis.ensure(self.data_dir)
        with self.client() as client:
            self._pid = client.info("server")["process_id"]

    def client(self, seconds: float = 10) -> Redis:
        """Return a client with this timeout and no retries, so that tests see outages at once."""
        return Redis.from_url(self.url, decode_responses=True, retry=None, socket_timeout=seconds)

    def wipe(self) -> None:
        """Delete everything, as a Redis without a disk does when it restarts."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """Kill it at once (SIGKILL) and wait until it has ended. ``start`` restarts it."""
        os.kill(self._pid, signal.SIGKILL)
        assert eventually(lambda: not self._answers()), "Redis still answers after SIGKILL"

    def pause(self) -> None:
        """Freeze it: it accepts connections and answers nothing."""
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
    """Run a server for the length of a block. Each pytest-xdist worker needs its own folder."""
    server = RedisServer(data_dir)
    try:
        yield server
    finally:
        server.stop()
