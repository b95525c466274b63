"""The circuit breaker of each connection: SmartRecruiters hangs or fails for one customer, and that
customer's work rests until a probe is answered.

Each worker counts in memory. What it concludes is in the database, where all workers see it.
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
from eqsr.core.db import after_commit, db, end_read, insert_if_absent, transaction
from eqsr.outbox import handlers, queue
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker
from eqsr.outbox.schedule import every
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)

# Calls in a row without an answer that open the breaker.
FAILURES_TO_OPEN = 3
# Seconds until the first probe; each further one waits twice as long as the one before.
MIN_PROBE_INTERVAL = 5.0
MAX_PROBE_INTERVAL = 300.0
# Trouble that comes back within this time after the breaker closed is the same trouble: the
# intervals go on growing, and what fails meanwhile uses up no attempt.
SAME_TROUBLE = timedelta(minutes=10)
# Seconds for which this process believes what it read last.
STATE_CACHE_SECONDS = 1.0


@dataclass
class _FailureRun:
    """Calls in a row that were not answered."""

    since: datetime
    latest: datetime
    calls: int = 0
    reason: str = ""
    endpoint: str = ""


_failures: dict[uuid.UUID, _FailureRun] = {}
_lock = threading.Lock()
_seen: frozenset[uuid.UUID] = frozenset()
_seen_at = 0.0


class BreakerObserver:
    """Counts the calls of one connection; a smartrecruiters.wire.Witness."""

    def __init__(self, connection_id: uuid.UUID) -> None:
        self._connection_id = connection_id

    def answered(self) -> None:
        _failures.pop(self._connection_id, None)

    def unanswered(self, endpoint: str, reason: str) -> None:
        with _lock:
            moment = now()
            run = _failures.get(self._connection_id)
            if run is None or moment - run.latest > SAME_TROUBLE:
                run = _failures[self._connection_id] = _FailureRun(moment, moment)
            run.calls, run.latest = run.calls + 1, moment
            run.endpoint, run.reason = endpoint, reason


def conclude(connection_id: uuid.UUID) -> None:
    """Open the breaker if the latest calls were not answered. Called after each piece of work."""
    run = _failures.get(connection_id)
    if run is None or run.calls < FAILURES_TO_OPEN:
        return
    with _lock:
        if _failures.get(connection_id) is run:
            del _failures[connection_id]
    _open(connection_id, run)


def in_trouble(connection_id: uuid.UUID) -> bool:
    """Is the breaker open, or was it a moment ago? Then a call without an answer is no failure of
    the work that made it."""
    lately = (Breaker.closed_at.is_(None)) | (Breaker.closed_at > now() - SAME_TROUBLE)
    query = select(Breaker.connection_id).where(Breaker.connection_id == connection_id, lately)
    return db.session.scalar(query) is not None


def opened() -> list[Breaker]:
    """The open breakers, longest trouble first."""
    query = select(Breaker).where(Breaker.closed_at.is_(None)).order_by(Breaker.since)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def of(connection_id: uuid.UUID) -> Breaker | None:
    """The connection's breaker if it is open."""
    query = select(Breaker).where(
        Breaker.connection_id == connection_id, Breaker.closed_at.is_(None)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def look() -> Collection[uuid.UUID]:
    """The connections whose breaker is open, read again at most once a second."""
    global _seen, _seen_at
    if time.monotonic() - _seen_at >= STATE_CACHE_SECONDS:
        ids = db.session.scalars(select(Breaker.connection_id).where(Breaker.closed_at.is_(None)))
        _seen, _seen_at = frozenset(ids), time.monotonic()
        end_read()
    return _seen


def is_parked(kind: str, connection_id: uuid.UUID | None) -> bool:
    """Is work of this kind and connection parked, as far as this process knows?"""
    return connection_id in _seen and kind not in handlers.never_parked()


def still_open(connection_id: uuid.UUID, reason: str) -> float:
    """A probe was not answered: the seconds until the next one."""
    with transaction() as session:
        breaker = _existing_row(connection_id)
        breaker.probes += 1
        breaker.reason = reason
        wait = interval(breaker.probes)
        breaker.probe_at = now() + timedelta(seconds=wait)
        session.flush()
    return wait


def close(connection_id: uuid.UUID) -> None:
    """A probe was answered: what was parked goes on at once."""
    with transaction():
        breaker = _row(connection_id)
        if breaker is None or breaker.closed_at is not None:
            return
        breaker.closed_at = now()
        seconds = round((now() - breaker.since).total_seconds())
        after_commit(lambda: _note(_seen - {connection_id}))
        after_commit(queue.wake_dispatcher)
    facts = {"connection": connection_id, "seconds": seconds}
    log.warning("SmartRecruiters answers again: the breaker is closed", extra=facts)


def probe_now(connection_id: uuid.UUID) -> None:
    """A person asks: probe at once if the breaker is open."""
    if of(connection_id) is not None:
        enqueue(WorkKind.PROBE_CONNECTION, connection_id, connection_id=connection_id, once=True)


def interval(probes: int) -> float:
    """Seconds until the next probe, after so many in vain."""
    return min(MAX_PROBE_INTERVAL, MIN_PROBE_INTERVAL * 2.0 ** min(probes, 20))


@every(seconds=60)
def keep_probing() -> None:
    """A breaker whose probe got lost would stay open for ever."""
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
                return  # another worker was first
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
        after_commit(lambda: _note(_seen | {connection_id}))
    log.error(
        "SmartRecruiters does not answer: the breaker of this connection is open",
        extra={"connection": connection_id, **facts},
    )


def _row(connection_id: uuid.UUID) -> Breaker | None:
    return _locked(connection_id).one_or_none()


def _existing_row(connection_id: uuid.UUID) -> Breaker:
    """Raises NoResultFound when the connection never had a breaker."""
    return _locked(connection_id).one()


def _locked(connection_id: uuid.UUID) -> ScalarResult[Breaker]:
    query = select(Breaker).where(Breaker.connection_id == connection_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True))


def _note(ids: frozenset[uuid.UUID]) -> None:
    global _seen
    _seen = ids
