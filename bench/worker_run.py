"""Runs one worker process to measure: ``python -m bench.worker_run rq|ours COUNT``.

``rq`` runs RQ's no-op jobs with its own SimpleWorker; ``ours`` runs no-op work rows with the
product's slots and dispatcher. Both print jobs per second and the resident memory in MB.
"""

import os
import sys
import threading
import time
from enum import StrEnum

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from bench.installation import resident_mb
from eqsr import create_app
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.core.extensions import settings
from eqsr.outbox import dispatcher, lanes, redis_client
from eqsr.outbox.handlers import handles
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.service import new_row
from eqsr.outbox.slots import Slots


class BenchKind(StrEnum):
    """A kind of work for this measurement only."""

    NOOP = "bench_noop"


def noop(*_) -> None:
    pass


handles(BenchKind.NOOP)(noop)


def rq(count: int) -> float:
    connection = Redis.from_url(redis_client.redis_url())
    line = Queue("bench", connection=connection, serializer=JSONSerializer)
    data = [Queue.prepare_data(noop, result_ttl=0) for _ in range(count)]
    line.enqueue_many(data)
    worker = SimpleWorker([line], connection=connection, serializer=JSONSerializer)
    started = time.monotonic()
    worker.work(burst=True, logging_level="WARNING")
    return count / (time.monotonic() - started)


def ours(app, count: int) -> float:
    with transaction() as session:
        session.execute(Work.__table__.insert(), _rows(count))
    stopping = threading.Event()
    dispatching = threading.Thread(target=dispatcher.run, args=(app, stopping), daemon=True)
    number = settings.worker_slots
    slots = Slots(app.app_context, lanes.COMMON, number, lanes.cap(number), stopping.set)
    started = time.monotonic()
    dispatching.start()
    slots.start()
    _wait_until_done()
    seconds = time.monotonic() - started
    slots.stop()
    stopping.set()
    dispatching.join()
    return count / seconds


def _rows(count: int) -> list[dict]:
    """Create rows for ten customers: the dispatcher keeps only a few of each in flight."""
    customers = [new_id() for _ in range(10)]
    return [new_row(BenchKind.NOOP, new_id(), customers[n % 10]) for n in range(count)]


def _wait_until_done() -> None:
    left = select(func.count()).where(Work.kind == BenchKind.NOOP, Work.state != WorkState.DONE)
    while db.session.scalar(left):
        db.session.remove()
        time.sleep(0.05)


def main() -> None:
    which, count = sys.argv[1], int(sys.argv[2])
    app = create_app()
    with app.app_context():
        speed = rq(count) if which == "rq" else ours(app, count)
    print(f"RESULT {speed:.1f} {resident_mb(os.getpid()):.0f}", flush=True)


if __name__ == "__main__":
    main()
