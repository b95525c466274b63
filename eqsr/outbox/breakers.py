"""A circuit breaker per connection.

When SmartRecruiters hangs or fails for one customer, that customer's work is parked until a probe
gets an answer. Each worker counts failures in memory; open breakers are stored in the database,
where all workers see them.
"""

import logging
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import after_commit, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.outbox.breaker_state import SAME_TROUBLE, locked_existing, remember_opened
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker
from eqsr.outbox.probing import interval
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)
# Unanswered calls in a row that open the breaker.
FAILURES_TO_OPEN = 3


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


def _open(connection_id: uuid.UUID, run: _FailureRun) -> None:
    moment = now()
    with transaction() as session:
        facts = {"reason": run.reason, "endpoint": run.endpoint[:200]}
        first = moment + timedelta(seconds=interval(0))
        if not insert_if_absent(
            Breaker, connection_id=connection_id, since=run.since, probe_at=first, **facts
        ):
            breaker = locked_existing(connection_id)
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
        after_commit(lambda: remember_opened(connection_id))
    log.error(
        "SmartRecruiters does not answer: the breaker of this connection is open",
        extra={"connection": connection_id, **facts},
    )
