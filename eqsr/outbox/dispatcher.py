"""Handing due rows to RQ, and keeping the schedule: in every worker, but one leads at a time.

Each one also renews the leases of its own worker.
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

from eqsr.core.db import db, is_database_trouble
from eqsr.outbox import breakers, fair_dispatch, leases, queue, schedule

log = logging.getLogger(__name__)

# Seconds between looks when nobody rings.
LOOK = 0.25
# Seconds between two looks under a constant ringing, and how many times longer than the look it
# must be: looking never takes more than a quarter of the time from the worker beside it.
PAUSE = 0.06
MIN_PAUSE_FACTOR = 3

TICKED = Gauge("eqsr_relay_last_look_seconds", "Unix time of the relay's last look.")


class Application(Protocol):
    """What is needed of Flask's, which this room does not know."""

    def app_context(self) -> AbstractContextManager[object]: ...


def run(app: Application, stopping: threading.Event) -> None:
    """Until ``stopping``. No trouble with Redis or the database ends it."""
    lead = queue.LeaderLock(f"{os.getpid()}-{secrets.token_hex(4)}")
    with app.app_context():
        while not stopping.is_set():
            try:
                leases.renew()
                breakers.look()
                if lead.holds():
                    started = time.monotonic()
                    _, held = look()
                    schedule.tick()
                    took = time.monotonic() - started
                    queue.wait_for_wakeup(min([LOOK, *held]))
                    stopping.wait(max(PAUSE, min(MIN_PAUSE_FACTOR * took, LOOK)))
                else:
                    stopping.wait(LOOK)
            except RedisError as error:
                log.warning("Redis is away: %s", type(error).__name__)
                _restart_redis()
                stopping.wait(1)
            except Exception as error:
                _log_error(error)
                stopping.wait(1)
            finally:
                db.session.remove()
        _step_down(lead)


def look() -> tuple[int, list[float]]:
    """Hand out what is due; the number of rows handed out, and for how many seconds work of
    others is held back (queue.pause)."""
    wiped, held = queue.broker_state()
    if wiped:
        fair_dispatch.reset_dispatched()
    groups = fair_dispatch.next_to_dispatch(held, breakers.look())
    queue.dispatch(groups)
    TICKED.set(time.time())
    return sum(len(group.ids) for group in groups), list(held.values())


def _restart_redis() -> None:
    """An embedded server that has ended would stay away for ever."""
    try:
        queue.restart_embedded_redis()
    except Exception as error:
        log.error("Redis could not be started: %s", error)


def _log_error(error: Exception) -> None:
    if is_database_trouble(error):
        log.error("database trouble: %s", type(error).__name__)
    else:
        log.exception("the relay stumbled")


def _step_down(lead: queue.LeaderLock) -> None:
    try:
        lead.step_down()
    except RedisError:
        log.info("Redis is away; the lead ends by itself")
