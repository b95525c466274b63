"""Claim a row of work, and record its outcome.

Every row passes here twice, so the statements are built once and run without the ORM session;
only ``give_up`` uses it.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, row_count, transaction
from eqsr.core.inserts import table_of
from eqsr.outbox.models import Work, WorkState

# A living worker keeps renewing its leases (outbox.leases). So this is how long the row of a killed
# worker waits before another worker can claim it.
LEASE = timedelta(seconds=60)
# Delay of a row while another row of the same kind and subject is running.
SIBLING_WAIT = timedelta(seconds=1)

_work = table_of(Work)
_row = _work.c
_free = and_(
    _row.id == bindparam("work_id"),
    or_(
        and_(_row.state == WorkState.DUE, _row.due_at <= bindparam("moment")),
        and_(_row.state == WorkState.RUNNING, _row.lease_until < bindparam("moment")),
    ),
)
_TAKE = (
    update(_work)
    .where(_free)
    .values(
        state=WorkState.RUNNING,
        claims=_row.claims + 1,
        lease_until=bindparam("lease"),
        open_key=None,
        dispatched_at=None,
    )
    .returning(_row.id, _row.claims, _row.kind, _row.subject_id, _row.failures, _row.connection_id)
)
_LEAVE = update(_work).where(_free).values(due_at=bindparam("later"), dispatched_at=None)
_wanted = select(_row.kind, _row.subject_id).where(_row.id == bindparam("work_id")).subquery()
_SIBLINGS = (
    select(_row.id, _row.state, _row.lease_until)
    .join(_wanted, and_(_row.kind == _wanted.c.kind, _row.subject_id == _wanted.c.subject_id))
    .where(_row.state.in_((WorkState.DUE, WorkState.RUNNING)))
    .order_by(_row.id)
    .with_for_update(of=_work)
)
# The fence: only the latest claim may record an outcome.
_held = and_(
    _row.id == bindparam("work_id"),
    _row.claims == bindparam("number"),
    _row.state == WorkState.RUNNING,
)
_DONE = (
    update(_work)
    .where(_held)
    .values(
        state=WorkState.DONE,
        ended_at=bindparam("moment"),
        last_error=None,
        lease_until=None,
        dispatched_at=None,
    )
)


@dataclass(frozen=True)
class Claim:
    """A worker's right to process one row. ``number`` counts the row's claims: it is the fence."""

    work_id: uuid.UUID
    number: int
    kind: str
    subject_id: uuid.UUID
    failures: int
    connection_id: uuid.UUID | None


def claim(work_id: uuid.UUID) -> Claim | None:
    """Claim the row if it is due or its lease has run out; else return None.

    Only one row per kind and subject runs at a time; the others wait SIBLING_WAIT and try again.
    """
    moment = now()
    facts = {"work_id": work_id, "moment": moment}
    with core_transaction() as connection:
        if _sibling_is_running(connection, work_id, moment):
            connection.execute(_LEAVE, facts | {"later": moment + SIBLING_WAIT})
            return None
        row = connection.execute(_TAKE, facts | {"lease": moment + LEASE}).first()
    return Claim(*row) if row else None


def _sibling_is_running(connection: Connection, work_id: uuid.UUID, moment: datetime) -> bool:
    """True if a worker is processing another row of the same kind and subject.

    Locks all these rows, so none can be claimed until the transaction ends.
    """
    siblings = connection.execute(_SIBLINGS, {"work_id": work_id})
    return any(
        found.id != work_id and found.state is WorkState.RUNNING and found.lease_until >= moment
        for found in siblings
    )


def renew(claim: Claim) -> bool:
    """Extend the lease. False when another worker has the row."""
    return _update(claim, lease_until=now() + LEASE)


def done(claim: Claim) -> bool:
    """Mark the row as done. False when another worker has the row."""
    facts = {"work_id": claim.work_id, "number": claim.number, "moment": now()}
    with core_transaction() as connection:
        return bool(connection.execute(_DONE, facts).rowcount)


def reschedule(claim: Claim, seconds: float, reason: str) -> bool:
    """Make the row due again in ``seconds`` without counting a failure.

    For limits that were reached, and for work that something else blocks for a moment. False when
    another worker has the row.
    """
    due = now() + timedelta(seconds=seconds)
    return _record(claim, state=WorkState.DUE, due_at=due, last_error=reason)


def park(claim: Claim, reason: str, *, counts: bool = True) -> bool:
    """Park the row until its connection works again (service.unpark).

    ``counts``: whether this counts as a failure. False when another worker has the row.
    """
    failures = claim.failures + counts
    return _record(claim, state=WorkState.WAITING, failures=failures, last_error=reason)


def failed(claim: Claim, reason: str) -> bool:
    """Count a failure and schedule a retry. False when another worker has the row."""
    failures = claim.failures + 1
    due = now() + timedelta(seconds=backoff(failures))
    return _record(claim, state=WorkState.DUE, failures=failures, due_at=due, last_error=reason)


def give_up(
    claim: Claim, reason: str, on_dead: Callable[[], None], state: WorkState = WorkState.DEAD
) -> bool:
    """Count the failure and end the row as dead (or in another ``state``); dead rows stay visible.

    ``on_dead`` runs in the same transaction, so a worker that is killed does both or neither.
    False when another worker has the row; then ``on_dead`` is not called.
    """
    values = {
        "state": state,
        "failures": claim.failures + 1,
        "ended_at": now(),
        "last_error": reason,
        "lease_until": None,
        "dispatched_at": None,
    }
    facts = {"work_id": claim.work_id, "number": claim.number}
    with transaction() as session:
        ended = row_count(session.execute(update(_work).where(_held).values(**values), facts))
        if ended:
            on_dead()
    return bool(ended)


def backoff(failures: int, rng: random.Random | None = None) -> float:
    """Seconds to wait after the n-th failure: exponential with full jitter, 0.5 s to an hour.

    The minimum prevents immediate retries when the random draw is close to zero. Source: AWS
    Architecture Blog, "Exponential Backoff And Jitter" (2015).
    """
    ceiling = min(3600.0, 2.0**failures)
    return max(0.5, (rng or random).uniform(0, ceiling))


def _record(claim: Claim, **values: object) -> bool:
    return _update(claim, **{"lease_until": None, "dispatched_at": None, **values})


def _update(claim: Claim, **values: object) -> bool:
    facts = {"work_id": claim.work_id, "number": claim.number}
    with core_transaction() as connection:
        return bool(connection.execute(update(_work).where(_held).values(**values), facts).rowcount)
