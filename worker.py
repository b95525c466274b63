"""The worker: does work that RQ brings, rings for work that is due, and keeps the schedule."""

import logging
import signal
import threading
import time

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from eqsr import create_app
from eqsr.outbox import bell, relay

log = logging.getLogger("eqsr.worker")

# RQ looks for abandoned jobs only between pops; short times keep an idle worker awake to Redis
# restarts. The rows in the database do not depend on it.
WORKER_TTL = 30


def main() -> None:
    app = create_app()
    stopping = threading.Event()
    clerk = threading.Thread(target=relay.run, args=(app, stopping), name="relay", daemon=True)
    clerk.start()
    with app.app_context():
        _work_until_told(stopping)
    stopping.set()
    clerk.join(timeout=5)


def _work_until_told(stopping: threading.Event) -> None:
    """RQ's worker ends when Redis goes away; ours starts a new one as soon as Redis is back."""
    signal.signal(signal.SIGTERM, lambda *_: _stop(stopping))
    signal.signal(signal.SIGINT, lambda *_: _stop(stopping))
    while not stopping.is_set():
        try:
            worker = SimpleWorker(
                [bell.QUEUE],
                connection=bell.patient(),
                serializer=JSONSerializer,
                worker_ttl=WORKER_TTL,
                maintenance_interval=60,
            )
            # RQ installs its own handlers for SIGINT and SIGTERM: finish the job in hand, then end.
            worker.work(logging_level="WARNING")
            stopping.set()
        except (RedisError, OSError) as error:
            log.warning("Redis is away: %s; trying again", type(error).__name__)
            stopping.wait(0.5)
            _revive()


def _revive() -> None:
    try:
        bell.revive()
    except Exception as error:
        log.error("Redis could not be started: %s", error)
        time.sleep(1)


def _stop(stopping: threading.Event) -> None:
    stopping.set()
    raise SystemExit(0)


if __name__ == "__main__":
    main()
