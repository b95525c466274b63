"""The worker's process outlives its Redis, and ends when it is told to."""

import os
import signal
import sys
import threading

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

import worker
from eqsr import localredis
from eqsr.outbox import bell
from tests.services.processes import eventually, running

pytestmark = pytest.mark.one_database


@pytest.fixture
def embedded(tmp_path):
    """The data folder of an installation without a REDIS_URL, and a client of its server."""
    data = tmp_path / "data"
    client = Redis.from_url(localredis.ensure(data), retry=None, socket_timeout=5)
    yield data, client
    client.close()
    localredis.stop(data)


def process_id(client: Redis) -> int:
    try:
        return client.info("server")["process_id"]
    except RedisError:
        return 0


def idle(client: Redis) -> bool:
    """A worker waits for jobs."""
    return b"idle" in [client.hget(key, "state") for key in client.smembers("rq:workers")]


@pytest.mark.slow
def test_an_idle_worker_starts_its_dead_redis_again_and_goes_on(embedded, make_database, tmp_path):
    data, client = embedded
    environment = {"DATA_DIR": str(data), "DATABASE_URL": make_database(), "REDIS_URL": None}
    with running([sys.executable, "worker.py"], tmp_path / "log", environment) as process:
        assert eventually(lambda: idle(client), 120), process.output
        dead = process_id(client)
        os.kill(dead, signal.SIGKILL)
        assert eventually(lambda: process_id(client) not in (0, dead), 60), process.output
        line = Queue(bell.QUEUE, connection=client, serializer=JSONSerializer)
        line.enqueue_many([Queue.prepare_data(bell.PERFORM, result_ttl=0)])
        assert eventually(lambda: len(line) == 0, 60), process.output
        assert process.returncode is None
        assert process.terminate() == 0


def test_a_worker_of_rq_that_ends_by_itself_has_a_successor(monkeypatch):
    """RQ ends without an error when Redis was away while a job was being done."""
    told, begun = threading.Event(), []

    class Ends:
        def work(self, **_options):
            begun.append(self)
            if len(begun) == 2:
                raise RedisError("away")
            if len(begun) == 3:
                told.set()

    monkeypatch.setattr(worker, "_worker", Ends)
    monkeypatch.setattr(worker, "PAUSE", 0)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        worker.work_until_told(told)
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert len(begun) == 3
