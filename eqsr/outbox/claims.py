"""Taking a row of work, and recording what came of it.

Every job passes here twice, so the statements are built once, and no session is used but for
ending work that is given up.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, row_count, table_of, transaction
from eqsr.outbox.models import Work, WorkState

# Renewed for as long as the worker lives (outbox.leases), however long a call takes; so this is
# how long the row of a killed worker stands still.
LEASE = timedelta(seconds=60)
# The next look at a row that had to wait for another one about the same subject.
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
# Fenced: only the latest claim may write.
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
    """The right to do one row; ``number`` is the fence."""

    work_id: uuid.UUID
    number: int
    kind: str
    subject_id: uuid.UUID
    failures: int
    connection_id: uuid.UUID | None


def claim(work_id: uuid.UUID) -> Claim | None:
    """Take the row, if it is due or its last holder's lease ran out; else None.

    Of several rows of one kind about one subject, one is taken at a time; the others wait.
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
    """Another row of the same kind and subject is in a worker's hands. Until the transaction
    ends, none can be taken."""
    siblings = connection.execute(_SIBLINGS, {"work_id": work_id})
    return any(
        found.id != work_id and found.state is WorkState.RUNNING and found.lease_until >= moment
        for found in siblings
    )


def renew(claim: Claim) -> bool:
    """The worker still lives: its lease begins again. False when somebody else has the row."""
    return _update(claim, lease_until=now() + LEASE)


def done(claim: Claim) -> bool:
    facts = {"work_id": claim.work_id, "number": claim.number, "moment": now()}
    with core_transaction() as connection:
        return bool(connection.execute(_DONE, facts).rowcount)


def reschedule(claim: Claim, seconds: float, reason: str) -> bool:
    """Not now, but soon, and no failure: a limit was reached or somebody else is at it."""
    due = now() + timedelta(seconds=seconds)
    return _record(claim, state=WorkState.DUE, due_at=due, last_error=reason)


def park(claim: Claim, reason: str, *, counts: bool = True) -> bool:
    """Only a repaired connection can move it on; see service.wake. ``counts``: as a failure."""
    failures = claim.failures + counts
    return _record(claim, state=WorkState.WAITING, failures=failures, last_error=reason)


def failed(claim: Claim, reason: str) -> bool:
    """Count the failure; try again later."""
    failures = claim.failures + 1
    due = now() + timedelta(seconds=backoff(failures))
    return _record(claim, state=WorkState.DUE, failures=failures, due_at=due, last_error=reason)


def give_up(
    claim: Claim, reason: str, tell: Callable[[], None], state: WorkState = WorkState.DEAD
) -> bool:
    """Count the failure; the row ends as dead, where it stays visible (or in another ``state``),
    and ``tell`` is called: both or neither, for a worker may be killed between them. False when
    somebody else has the row."""
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
            tell()
    return bool(ended)


def backoff(failures: int, rng: random.Random | None = None) -> float:
    """Seconds to wait after the n-th failure: exponential with full jitter, at most an hour.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015). The floor of half a
    second keeps an unlucky draw from hammering.
    """
    ceiling = min(3600.0, 2.0**failures)
    return max(0.5, (rng or random).uniform(0, ceiling))


def _record(claim: Claim, **values: object) -> bool:
    return _update(claim, **{"lease_until": None, "dispatched_at": None, **values})


def _update(claim: Claim, **values: object) -> bool:
    facts = {"work_id": claim.work_id, "number": claim.number}
    with core_transaction() as connection:
        return bool(connection.execute(update(_work).where(_held).values(**values), facts).rowcount)
