"""A circuit breaker per connection.

When SmartRecruiters hangs or fails for one customer, that customer's work is parked until a probe
gets an answer. Each worker counts failures in memory; open breakers are stored in the database,
where all workers see them.
"""

import logging
import threading
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarResult, select, update

from eqsr.core.clock import now
from eqsr.core.db import after_commit, db, end_read, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.outbox import handlers, queue
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker
from eqsr.outbox.schedule import every
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)

# Unanswered calls in a row that open the breaker.
FAILURES_TO_OPEN = 3
# Seconds until the first probe; each further wait is twice as long, up to the maximum.
MIN_PROBE_INTERVAL = 5.0
MAX_PROBE_INTERVAL = 300.0
# If trouble returns within this time after the breaker closed, it counts as the same trouble:
# probe intervals keep growing, and unanswered calls use up no attempt.
SAME_TROUBLE = timedelta(minutes=10)
# Seconds for which this process caches which breakers are open.
STATE_CACHE_SECONDS = 1.0


@dataclass
class _FailureRun:
    """A series of unanswered calls in a row, with the latest reason and endpoint."""

    since: datetime
    latest: datetime
    calls: int = 0
    reason: str = ""
    endpoint: str = ""


_failures: dict[uuid.UUID, _FailureRun] = {}
_lock = threading.Lock()
_open_ids: frozenset[uuid.UUID] = frozenset()
_read_at = 0.0


class BreakerObserver:
    """Counts unanswered calls of one connection; a smartrecruiters.call_observer.CallObserver."""

    def __init__(self, connection_id: uuid.UUID) -> None:
        self._connection_id = connection_id

    def answered(self) -> None:
        """An answer came: start counting from zero."""
        _failures.pop(self._connection_id, None)

    def unanswered(self, endpoint: str, reason: str) -> None:
        """Count a call without an answer. A series older than SAME_TROUBLE is dropped first."""
        with _lock:
            moment = now()
            run = _failures.get(self._connection_id)
            if run is None or moment - run.latest > SAME_TROUBLE:
                run = _failures[self._connection_id] = _FailureRun(moment, moment)
            run.calls, run.latest = run.calls + 1, moment
            run.endpoint, run.reason = endpoint, reason


def conclude(connection_id: uuid.UUID) -> None:
    """Open the breaker after FAILURES_TO_OPEN unanswered calls; called after each row of work."""
    run = _failures.get(connection_id)
    if run is None or run.calls < FAILURES_TO_OPEN:
        return
    with _lock:
        if _failures.get(connection_id) is run:
            del _failures[connection_id]
    _open(connection_id, run)


def in_trouble(connection_id: uuid.UUID) -> bool:
    """True if the breaker is open or closed less than SAME_TROUBLE ago.

    Then an unanswered call does not count as a failure of the work that made it.
    """
    recently = (Breaker.closed_at.is_(None)) | (Breaker.closed_at > now() - SAME_TROUBLE)
    query = select(Breaker.connection_id).where(Breaker.connection_id == connection_id, recently)
    return db.session.scalar(query) is not None


def opened() -> list[Breaker]:
    """All open breakers, oldest trouble first."""
    query = select(Breaker).where(Breaker.closed_at.is_(None)).order_by(Breaker.since)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def of(connection_id: uuid.UUID) -> Breaker | None:
    """The connection's breaker if it is open, else None."""
    query = select(Breaker).where(
        Breaker.connection_id == connection_id, Breaker.closed_at.is_(None)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def open_connections() -> Collection[uuid.UUID]:
    """Ids of the connections whose breaker is open; reads the database at most once a second."""
    global _open_ids, _read_at
    if time.monotonic() - _read_at >= STATE_CACHE_SECONDS:
        ids = db.session.scalars(select(Breaker.connection_id).where(Breaker.closed_at.is_(None)))
        _open_ids, _read_at = frozenset(ids), time.monotonic()
        end_read()
    return _open_ids


def is_parked(kind: str, connection_id: uuid.UUID | None) -> bool:
    """True if work of this kind and connection is parked, as last read by open_connections()."""
    return connection_id in _open_ids and kind not in handlers.never_parked()


def still_open(connection_id: uuid.UUID, reason: str) -> float:
    """Record that a probe was not answered; returns the seconds until the next probe."""
    with transaction() as session:
        breaker = _existing_row(connection_id)
        breaker.probes += 1
        breaker.reason = reason
        wait = interval(breaker.probes)
        breaker.probe_at = now() + timedelta(seconds=wait)
        session.flush()
    return wait


def close(connection_id: uuid.UUID) -> None:
    """Close the breaker after a probe was answered, and dispatch the parked work at once."""
    with transaction():
        breaker = _row(connection_id)
        if breaker is None or breaker.closed_at is not None:
            return
        breaker.closed_at = now()
        seconds = round((now() - breaker.since).total_seconds())
        after_commit(lambda: _remember(_open_ids - {connection_id}))
        after_commit(queue.wake_dispatcher)
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


def _open(connection_id: uuid.UUID, run: _FailureRun) -> None:
    moment = now()
    with transaction() as session:
        facts = {"reason": run.reason, "endpoint": run.endpoint[:200]}
        first = moment + timedelta(seconds=interval(0))
        if not insert_if_absent(
            Breaker, connection_id=connection_id, since=run.since, probe_at=first, **facts
        ):
            breaker = _existing_row(connection_id)
            if breaker.closed_at is None:
                return  # another worker opened it first
            same = breaker.closed_at > moment - SAME_TROUBLE
            probes = breaker.probes + 1 if same else 0
            first = moment + timedelta(seconds=interval(probes))
            values: dict[str, object] = {
                "probes": probes,
                "probe_at": first,
                "closed_at": None,
                **facts,
            }
            if not same:
                values["since"] = run.since
            session.execute(
                update(Breaker).where(Breaker.connection_id == connection_id).values(**values)
            )
        enqueue(
            WorkKind.PROBE_CONNECTION,
            connection_id,
            connection_id=connection_id,
            due_at=first,
            once=True,
        )
        after_commit(lambda: _remember(_open_ids | {connection_id}))
    log.error(
        "SmartRecruiters does not answer: the breaker of this connection is open",
        extra={"connection": connection_id, **facts},
    )


def _row(connection_id: uuid.UUID) -> Breaker | None:
    return _locked(connection_id).one_or_none()


def _existing_row(connection_id: uuid.UUID) -> Breaker:
    """Lock the connection's row. Raises NoResultFound if it never had a breaker."""
    return _locked(connection_id).one()


def _locked(connection_id: uuid.UUID) -> ScalarResult[Breaker]:
    query = select(Breaker).where(Breaker.connection_id == connection_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True))


def _remember(ids: frozenset[uuid.UUID]) -> None:
    global _open_ids
    _open_ids = ids
