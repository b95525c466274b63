"""Enqueue work and query its state; outbox.fair_dispatch dispatches it, outbox.claims claims it.

The database is the truth; Redis only carries ids (outbox.queue). A row that is dispatched twice,
late or never is still processed once: only its latest claim may record the outcome, and a row
whose lease has run out can be claimed again.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Update, and_, delete, func, or_, select, update

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import after_commit, db, row_count, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.outbox import queue
from eqsr.outbox.claims import backoff
from eqsr.outbox.handlers import kinds
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker, Work, WorkState
from eqsr.outbox.schedule import every

# States of work that has not ended.
UNFINISHED = (WorkState.DUE, WorkState.RUNNING, WorkState.WAITING)

KEEP_DONE = timedelta(days=14)
PURGE_BATCH = 10_000


def enqueue(
    kind: WorkKind,
    subject_id: uuid.UUID,
    *,
    connection_id: uuid.UUID | None = None,
    due_at: datetime | None = None,
    once: bool = False,
) -> None:
    """Insert a row of work in the transaction of its cause.

    ``connection_id``: the connection whose limits, cap and breaker apply. ``due_at``: not before
    this moment; by default at once. With ``once``, nothing is inserted if a row of this kind and
    subject is still unclaimed; that row becomes due no later than ``due_at``.
    """
    _enqueue(kind, subject_id, connection_id, due_at, once)


def enqueue_stored(kind: str, subject_id: uuid.UUID, due_at: datetime) -> None:
    """Like ``enqueue``, for a kind that was read from the database. Another release may have
    written it: a worker that does not know the kind puts the row back."""
    _enqueue(kind, subject_id, None, due_at, once=False)


def _enqueue(
    kind: str,
    subject_id: uuid.UUID,
    connection_id: uuid.UUID | None,
    due_at: datetime | None,
    once: bool,
) -> None:
    with transaction():
        open_key, due = f"{kind}:{subject_id}" if once else None, due_at or now()
        values = {"connection_id": connection_id, "due_at": due, "open_key": open_key}
        # When two transactions enqueue the same work, one inserts and the other finds the row.
        while not _covers(open_key, due):
            if insert_if_absent(Work, kind=kind, subject_id=subject_id, **values):
                break
        if due_at is None:
            after_commit(queue.wake_dispatcher)


def _covers(open_key: str | None, due: datetime) -> bool:
    """True if an unclaimed row with this key exists; makes it due no later than ``due``.

    Locks the row until our transaction ends. Otherwise a worker could claim it now and miss what
    we are about to commit.
    """
    if open_key is None:
        return False
    unclaimed = select(Work.id, Work.due_at).where(Work.open_key == open_key).with_for_update()
    found = db.session.execute(unclaimed).first()
    if found and found.due_at > due:
        db.session.execute(update(Work).where(Work.id == found.id).values(due_at=due))
    return found is not None


def new_row(
    kind: WorkKind, subject_id: uuid.UUID, connection_id: uuid.UUID | None
) -> dict[str, object]:
    """The values of a row that is due now, for an insert without the session.

    Call ``queue.wake_dispatcher()`` after the commit.
    """
    moment = now()
    return {
        "id": new_id(),
        "kind": kind,
        "subject_id": subject_id,
        "connection_id": connection_id,
        "state": WorkState.DUE,
        "due_at": moment,
        "created_at": moment,
        "claims": 0,
        "failures": 0,
    }


def unpark(connection_id: uuid.UUID) -> int:
    """Make the parked work of a connection due, because the connection works again.

    Work that failed before gets a growing delay, in case the connection only seems to work.
    Returns how many rows were parked.
    """
    moment = now()
    with transaction() as session:
        waiting = session.scalars(
            select(Work).where(Work.connection_id == connection_id, Work.state == WorkState.WAITING)
        ).all()
        for work in waiting:
            work.state = WorkState.DUE
            work.dispatched_at = None
            again = work.failures > 1
            work.due_at = moment + timedelta(seconds=backoff(work.failures)) if again else moment
        after_commit(queue.wake_dispatcher)
        return len(waiting)


def retry(work_id: uuid.UUID) -> bool:
    """Retry one dead row, because a person asked for it. False if there is no such dead row."""
    with transaction() as session:
        return bool(
            row_count(
                session.execute(
                    _reset_for_retry().where(Work.id == work_id, Work.state == WorkState.DEAD)
                )
            )
        )


def retry_all(connection_id: uuid.UUID | None = None) -> int:
    """Retry all dead work, or that of one connection; returns how many rows."""
    with transaction() as session:
        return row_count(session.execute(_reset_for_retry().where(*_dead(connection_id))))


def count_rescheduled(reason: str) -> int:
    """Number of rows that were rescheduled for this reason."""
    query = select(func.count()).select_from(Work)
    query = query.where(Work.state == WorkState.DUE, Work.last_error == reason)
    return db.session.execute(query).scalar_one()


def make_due(reason: str, at_most: int | None = None) -> int:
    """Make rows that were rescheduled for this reason due now; returns how many.

    ``at_most``: only that many, chosen at random. Joins the current transaction.
    """
    with transaction() as session:
        delayed = and_(Work.state == WorkState.DUE, Work.last_error == reason, Work.due_at > now())
        chosen = select(Work.id).where(delayed)
        if at_most is not None:
            # At random, so that a row with a problem of its own is not tried again and again.
            chosen = chosen.order_by(func.random()).limit(at_most)
        hurry = update(Work).where(delayed, Work.id.in_(chosen.scalar_subquery()))
        number = row_count(session.execute(hurry.values(due_at=now(), dispatched_at=None)))
        after_commit(queue.wake_dispatcher)
        return number


def dead_about(subject_ids: Select[uuid.UUID]) -> int:
    """Number of dead rows about these subjects."""
    query = select(func.count()).select_from(Work)
    query = query.where(*_dead(None), Work.subject_id.in_(subject_ids))
    return db.session.execute(query).scalar_one()


def retry_about(subject_ids: Select[uuid.UUID]) -> int:
    """Retry dead work about these subjects, of any connection; returns how many rows."""
    with transaction() as session:
        return row_count(
            session.execute(
                _reset_for_retry().where(
                    Work.state == WorkState.DEAD, Work.subject_id.in_(subject_ids)
                )
            )
        )


def is_pending(kind: WorkKind, subject_id: uuid.UUID) -> bool:
    """True if a row of this kind and subject is due or parked.

    Running rows do not count, because they may have read older data than the caller knows.
    """
    pending = Work.state.in_((WorkState.DUE, WorkState.WAITING))
    query = select(Work.id).where(Work.kind == kind, Work.subject_id == subject_id, pending)
    return db.session.scalar(query.limit(1)) is not None


def has_due(kind: WorkKind, connection_id: uuid.UUID) -> bool:
    """True if any work of this kind and connection is due now or running."""
    open_now = and_(Work.state.in_((WorkState.DUE, WorkState.RUNNING)), Work.due_at <= now())
    query = select(Work.id).where(Work.connection_id == connection_id, Work.kind == kind, open_now)
    return db.session.scalar(query.limit(1)) is not None


def is_parked(kind: WorkKind, subject_id: uuid.UUID) -> bool:
    """True if a row of this kind and subject waits for its connection to be repaired."""
    query = select(Work.id).where(Work.kind == kind, Work.subject_id == subject_id)
    return db.session.scalar(query.where(Work.state == WorkState.WAITING).limit(1)) is not None


def oldest_due_seconds(connection_id: uuid.UUID | None = None) -> float:
    """Seconds since the oldest due row became due; 0 if no row is due.

    Without ``connection_id``, connections whose breaker is open are left out.
    """
    query = select(func.min(Work.due_at)).where(Work.state == WorkState.DUE, Work.due_at <= now())
    if connection_id:
        query = query.where(Work.connection_id == connection_id)
    else:
        parked = select(Breaker.connection_id).where(Breaker.closed_at.is_(None))
        query = query.where(or_(Work.connection_id.is_(None), Work.connection_id.not_in(parked)))
    oldest = db.session.scalar(query)
    return (now() - oldest).total_seconds() if oldest else 0.0


def unfinished(connection_id: uuid.UUID) -> int:
    """Number of rows of this connection that are due now or running."""
    due = (Work.state.in_((WorkState.DUE, WorkState.RUNNING)), Work.due_at <= now())
    query = select(func.count()).where(Work.connection_id == connection_id, *due)
    return db.session.execute(query).scalar_one()


def unknown_kinds() -> list[str]:
    """Kinds of unfinished work for which this release has no handler."""
    query = select(Work.kind).where(Work.state.in_(UNFINISHED), Work.kind.not_in(kinds()))
    return sorted(db.session.scalars(query.distinct()))


def counts(connection_id: uuid.UUID | None = None) -> dict[str, int]:
    """Number of rows per state, of one connection or of all."""
    query = select(Work.state, func.count()).group_by(Work.state)
    if connection_id:
        query = query.where(Work.connection_id == connection_id)
    return {state.value: number for state, number in db.session.execute(query)}


def dead(connection_id: uuid.UUID | None = None, limit: int = 50) -> list[Work]:
    """Dead work of one connection or of all, latest first."""
    query = select(Work).where(*_dead(connection_id)).order_by(Work.ended_at.desc()).limit(limit)
    return list(db.session.scalars(query))


def _reset_for_retry() -> Update:
    """An update that makes rows due again with all their attempts."""
    return update(Work).values(
        state=WorkState.DUE, due_at=now(), failures=0, ended_at=None, dispatched_at=None
    )


def _dead(connection_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    of_connection = [] if connection_id is None else [Work.connection_id == connection_id]
    return [Work.state == WorkState.DEAD, *of_connection]


@every(seconds=600)
def forget_old() -> int:
    """Delete work that was done more than KEEP_DONE ago; returns how many rows. Dead work stays.

    At most PURGE_BATCH rows at a time, so that no other transaction waits for long.
    """
    before = now() - KEEP_DONE
    # A row is due before it is done, so the first condition is redundant; but due_at has an index.
    old = and_(Work.state == WorkState.DONE, Work.due_at < before, Work.ended_at < before)
    with transaction() as session:
        some = select(Work.id).where(old).limit(PURGE_BATCH)
        return row_count(session.execute(delete(Work).where(Work.id.in_(some))))
