"""Handing due rows to RQ, and keeping the schedule: in every worker, but one leads at a time.

Each one also renews the leases of its own worker.
"""

import logging
import os
import secrets
import threading
import time

from prometheus_client import Gauge
from redis.exceptions import RedisError

from eqsr.db import database_trouble, db
from eqsr.outbox import bell, leases, schedule, service

log = logging.getLogger(__name__)

# Seconds between looks when nobody rings.
LOOK = 0.25
# Seconds between two looks under a constant ringing.
PAUSE = 0.03

TICKED = Gauge("eqsr_relay_last_look_seconds", "Unix time of the relay's last look.")


def run(app, stopping: threading.Event) -> None:
    """Until ``stopping``. No trouble with Redis or the database ends it."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    with app.app_context():
        while not stopping.is_set():
            try:
                leases.renew()
                if bell.lead(name):
                    look()
                    schedule.tick()
                    bell.listen(LOOK)
                    stopping.wait(PAUSE)
                else:
                    stopping.wait(LOOK)
            except RedisError as error:
                log.warning("Redis is away: %s", type(error).__name__)
                stopping.wait(1)
            except Exception as error:
                _note(error)
                stopping.wait(1)
            finally:
                db.session.remove()
        _step_down(name)


def look() -> int:
    """Hand out what is due; the number of rows handed out."""
    if bell.was_wiped():
        service.forget_rings()
    ids = service.to_ring(bell.held())
    bell.hand_out(ids)
    TICKED.set(time.time())
    return len(ids)


def _note(error: Exception) -> None:
    if database_trouble(error):
        log.error("database trouble: %s", type(error).__name__)
    else:
        log.exception("the relay stumbled")


def _step_down(name: str) -> None:
    try:
        bell.step_down(name)
    except RedisError:
        log.info("Redis is away; the lead ends by itself")
