"""Probe connections whose breaker is open, and close it once one answers."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.core.clock import now
from eqsr.core.db import after_commit, db, transaction
from eqsr.outbox import wakeups
from eqsr.outbox.breaker_state import locked, locked_existing, of, remember_closed
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker
from eqsr.outbox.schedule import every
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)
# Seconds until the first probe; each further wait is twice as long, up to the maximum.
MIN_PROBE_INTERVAL = 5.0
MAX_PROBE_INTERVAL = 300.0


def still_open(connection_id: uuid.UUID, reason: str) -> float:
    """Record that a probe was not answered; returns the seconds until the next probe."""
    with transaction() as session:
        breaker = locked_existing(connection_id)
        breaker.probes += 1
        breaker.reason = reason
        wait = interval(breaker.probes)
        breaker.probe_at = now() + timedelta(seconds=wait)
        session.flush()
    return wait


def close(connection_id: uuid.UUID) -> None:
    """Close the breaker after a probe was answered, and dispatch the parked work at once."""
    with transaction():
        breaker = locked(connection_id)
        if breaker is None or breaker.closed_at is not None:
            return
        breaker.closed_at = now()
        seconds = round((now() - breaker.since).total_seconds())
        after_commit(lambda: remember_closed(connection_id))
        after_commit(wakeups.wake_dispatcher)
    facts = {"connection": connection_id, "seconds": seconds}
    log.warning("SmartRecruiters answers again: the breaker is closed", extra=facts)


def probe_now(connection_id: uuid.UUID) -> None:
    """Probe at once, if the breaker is open, because a person asked for it."""
    if of(connection_id) is not None:
        enqueue(WorkKind.PROBE_CONNECTION, connection_id, connection_id=connection_id, once=True)


def interval(probes: int) -> float:
    """Seconds until the next probe, after this many unanswered ones."""
    return min(MAX_PROBE_INTERVAL, MIN_PROBE_INTERVAL * 2.0 ** min(probes, 20))


@every(seconds=60)
def keep_probing() -> None:
    """Enqueue missing probes: without one, a breaker would stay open forever."""
    late = now() - timedelta(seconds=120)
    query = select(Breaker.connection_id).where(
        Breaker.closed_at.is_(None), Breaker.probe_at < late
    )
    for connection_id in db.session.scalars(query).all():
        enqueue(WorkKind.PROBE_CONNECTION, connection_id, connection_id=connection_id, once=True)
