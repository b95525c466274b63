"""The dispatcher hands due rows to RQ and runs the schedule.

Every worker runs one, but only the current leader dispatches. Each also renews the leases of its
own worker.
"""

import logging
import os
import secrets
import threading
import time
from contextlib import AbstractContextManager
from typing import Protocol

from prometheus_client import Gauge
from redis.exceptions import RedisError

from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.outbox import (
    breaker_state,
    broker_state,
    fair_dispatch,
    leases,
    queue,
    redis_client,
    schedule,
    wakeups,
)
from eqsr.outbox.leader import LeaderLock

log = logging.getLogger(__name__)

# Seconds between two rounds when nothing wakes the dispatcher.
ROUND_INTERVAL = 0.25
# Shortest pause between two rounds in seconds, however often the dispatcher is woken; and how many
# times longer than a round it is at least, so that dispatching takes a quarter of the time at most.
MIN_PAUSE = 0.06
MIN_PAUSE_FACTOR = 3

LAST_ROUND = Gauge(
    "eqsr_dispatch_last_round_seconds", "Unix time of the dispatcher's latest round."
)


class AppWithContext(Protocol):
    """The part of a Flask application that this room uses; it does not import Flask."""

    def app_context(self) -> AbstractContextManager[object]:
        """A context in which settings and the database session are available."""
        ...


def run(app: AppWithContext, stopping: threading.Event) -> None:
    """Run until ``stopping`` is set; failures of Redis or the database don't end the dispatcher."""
    leader_lock = LeaderLock(f"{os.getpid()}-{secrets.token_hex(4)}")
    with app.app_context():
        while not stopping.is_set():
            try:
                leases.renew()
                breaker_state.open_connections()
                if leader_lock.holds():
                    started = time.monotonic()
                    _, pauses = dispatch_due()
                    schedule.tick()
                    took = time.monotonic() - started
                    wakeups.wait_for_wakeup(min([ROUND_INTERVAL, *pauses]))
                    stopping.wait(max(MIN_PAUSE, min(MIN_PAUSE_FACTOR * took, ROUND_INTERVAL)))
                else:
                    stopping.wait(ROUND_INTERVAL)
            except RedisError as error:
                log.warning("Redis is away: %s", type(error).__name__)
                _restart_redis()
                stopping.wait(1)
            except Exception as error:
                _log_error(error)
                stopping.wait(1)
            finally:
                db.session.remove()
        _step_down(leader_lock)


def dispatch_due() -> tuple[int, list[float]]:
    """Dispatch the rows that are due and allowed to run.

    Returns how many were dispatched, and the seconds that each pause still lasts
    (broker_state.pause).
    """
    wiped, paused = broker_state.broker_state()
    if wiped:
        fair_dispatch.reset_dispatched()
    groups = fair_dispatch.next_to_dispatch(paused, breaker_state.open_connections())
    queue.dispatch(groups)
    LAST_ROUND.set(time.time())
    return sum(len(group.ids) for group in groups), list(paused.values())


def _restart_redis() -> None:
    """Restart an embedded Redis server; nothing else would."""
    try:
        redis_client.restart_embedded_redis()
    except Exception as error:
        log.error("Redis could not be started: %s", error)


def _log_error(error: Exception) -> None:
    if is_database_trouble(error):
        log.error("database trouble: %s", type(error).__name__)
    else:
        log.exception("the dispatcher failed")


def _step_down(leader_lock: LeaderLock) -> None:
    try:
        leader_lock.step_down()
    except RedisError:
        log.info("Redis is away; the leader lock expires")
