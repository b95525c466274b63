"""The worker: does work that RQ brings, rings for work that is due, and keeps the schedule."""

import logging
import signal
import threading
from types import FrameType

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from eqsr import create_app
from eqsr.outbox import bell, relay

log = logging.getLogger("eqsr.worker")

# RQ looks for abandoned jobs only between pops; short times keep an idle worker awake to Redis
# restarts. The rows in the database do not depend on it.
WORKER_TTL = 30
# Seconds until another try with a Redis that was away.
PAUSE = 0.5


class Worker(SimpleWorker):
    """RQ's worker, which finishes the job in hand when it is told to stop (SIGTERM, SIGINT)."""

    told = threading.Event()
    # Seconds between tries while Redis is away; RQ's own wait grows to a minute.
    max_connection_wait_time = 1.0

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told.set()
        super().request_stop(signum, frame)


def main() -> None:
    app = create_app()
    stopping = threading.Event()
    clerk = threading.Thread(target=relay.run, args=(app, stopping), name="relay", daemon=True)
    clerk.start()
    with app.app_context():
        work_until_told(Worker.told)
    stopping.set()
    clerk.join(timeout=5)


def work_until_told(told: threading.Event) -> None:
    """Redis' troubles end RQ's worker, sometimes without an error; then a new one takes over."""
    while not told.is_set():
        _heed_signals(told)
        try:
            _worker().work(logging_level="WARNING")
        except (RedisError, OSError) as error:
            log.warning("Redis is away: %s; trying again", type(error).__name__)
        _heed_signals(told)
        told.wait(PAUSE)


def _heed_signals(told: threading.Event) -> None:
    """While no worker of RQ does: it installs its own, and leaves them when it ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())


def _worker() -> Worker:
    return Worker(
        [bell.QUEUE],
        connection=bell.patient(),
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=60,
    )


if __name__ == "__main__":
    main()
