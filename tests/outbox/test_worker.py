"""The worker's process outlives its Redis, and ends when it is told to."""

import os
import signal
import sys

import pytest
from flask_migrate import downgrade
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from eqsr.core import embedded_redis
from eqsr.core.db import db
from eqsr.outbox import lanes, queue
from tests.conftest import environment
from tests.services.processes import eventually, running

pytestmark = pytest.mark.one_database


@pytest.fixture
def embedded(tmp_path):
    """The data folder of an installation without a REDIS_URL, and a client of its server."""
    data = tmp_path / "data"
    client = Redis.from_url(embedded_redis.ensure(data), retry=None, socket_timeout=5)
    yield data, client
    client.close()
    embedded_redis.stop(data)


def process_id(client: Redis) -> int:
    try:
        return client.info("server")["process_id"]
    except RedisError:
        return 0


@pytest.mark.slow
def test_an_idle_worker_starts_its_dead_redis_again_and_goes_on(embedded, make_database, tmp_path):
    data, client = embedded
    environment = {"DATA_DIR": str(data), "DATABASE_URL": make_database(), "REDIS_URL": None}
    with running([sys.executable, "worker.py"], tmp_path / "log", environment) as process:
        process.wait_for_line(r".*the worker is ready.*")
        dead = process_id(client)
        os.kill(dead, signal.SIGKILL)
        assert eventually(lambda: process_id(client) not in (0, dead), 60), process.output
        line = Queue(lanes.COMMON.queue, connection=client, serializer=JSONSerializer)
        line.enqueue_many([Queue.prepare_data(queue.PERFORM, result_ttl=0)])
        assert eventually(lambda: len(line) == 0, 60), process.output
        assert process.returncode is None
        assert process.terminate() == 0


def test_a_worker_does_not_start_on_older_tables(app, settings, redis, box, tmp_path):
    with app.app_context():
        downgrade(revision="0001")
        db.session.remove()
    facts = environment(
        settings.data_dir.parent, settings.database_url, redis.url, box, settings.port
    )
    with running([sys.executable, "worker.py"], tmp_path / "log", facts) as process:
        assert eventually(lambda: process.returncode is not None, 60) is True
        assert process.returncode == 1
        assert "flask --app app db upgrade" in process.output
