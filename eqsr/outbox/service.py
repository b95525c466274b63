"""Writing work down, and what is known of it; outbox.fair_dispatch hands it out, outbox.claims
takes it.

The database is the truth; Redis only carries ids (outbox.queue). Whatever rings twice, late or
not at all, a row is done by whoever holds its latest claim, and a lapsed lease can be claimed.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Update, and_, delete, func, or_, select, update

from eqsr.core.clock import now
from eqsr.core.db import after_commit, db, insert_if_absent, new_id, row_count, transaction
from eqsr.outbox import queue
from eqsr.outbox.claims import backoff
from eqsr.outbox.handlers import kinds
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker, Work, WorkState
from eqsr.outbox.schedule import every

# What has not ended, whatever it waits for.
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
    """Write down work, in the transaction of its cause.

    With ``once``, a row of this kind and subject that nobody has taken yet makes it unnecessary;
    that one is then due no later.
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
        # Two who write down the same at once: one inserts, the other finds it.
        while not _covers(open_key, due):
            if insert_if_absent(Work, kind=kind, subject_id=subject_id, **values):
                break
        if due_at is None:
            after_commit(queue.wake_dispatcher)


def _covers(open_key: str | None, due: datetime) -> bool:
    """A row with this key waits for a worker. It can't be taken before our transaction ends, or
    the worker would not see what we are about to commit."""
    if open_key is None:
        return False
    untaken = select(Work.id, Work.due_at).where(Work.open_key == open_key).with_for_update()
    found = db.session.execute(untaken).first()
    if found and found.due_at > due:
        db.session.execute(update(Work).where(Work.id == found.id).values(due_at=due))
    return found is not None


def new_row(
    kind: WorkKind, subject_id: uuid.UUID, connection_id: uuid.UUID | None
) -> dict[str, object]:
    """A row of work, due now, for an insert without the session; ring when it is committed."""
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
    """The connection works again: what waited for it is due. What has failed in this way before
    waits a little longer each time, in case the connection only seems to work."""
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
    """A person asks for dead work to be tried again."""
    with transaction() as session:
        return bool(
            row_count(
                session.execute(_again().where(Work.id == work_id, Work.state == WorkState.DEAD))
            )
        )


def retry_all(connection_id: uuid.UUID | None = None) -> int:
    """All of a connection, or of everybody, also what belongs to no connection; their number."""
    with transaction() as session:
        return row_count(session.execute(_again().where(*_dead(connection_id))))


def count_rescheduled(reason: str) -> int:
    """How many rows were put back for this reason."""
    query = select(func.count()).select_from(Work)
    query = query.where(Work.state == WorkState.DUE, Work.last_error == reason)
    return db.session.execute(query).scalar_one()


def make_due(reason: str, at_most: int | None = None) -> int:
    """What was put back for this reason is due now: all of it, or some of it taken at random. How
    many. Joins the transaction."""
    with transaction() as session:
        put_back = and_(Work.state == WorkState.DUE, Work.last_error == reason, Work.due_at > now())
        which = select(Work.id).where(put_back)
        if at_most is not None:
            # At random: one that fails for itself must not be the only one that is ever tried.
            which = which.order_by(func.random()).limit(at_most)
        hurry = update(Work).where(put_back, Work.id.in_(which.scalar_subquery()))
        number = row_count(session.execute(hurry.values(due_at=now(), dispatched_at=None)))
        after_commit(queue.wake_dispatcher)
        return number


def dead_about(subject_ids: Select[uuid.UUID]) -> int:
    """How many pieces of dead work are about these."""
    query = select(func.count()).select_from(Work)
    query = query.where(*_dead(None), Work.subject_id.in_(subject_ids))
    return db.session.execute(query).scalar_one()


def retry_about(subject_ids: Select[uuid.UUID]) -> int:
    """Dead work about these is tried again, whosever it is; how many."""
    with transaction() as session:
        return row_count(
            session.execute(
                _again().where(Work.state == WorkState.DEAD, Work.subject_id.in_(subject_ids))
            )
        )


def is_pending(kind: WorkKind, subject_id: uuid.UUID) -> bool:
    """Is work of this kind about this subject still to be begun, perhaps once more? What is in
    hand may have read before what we know now."""
    ahead = Work.state.in_((WorkState.DUE, WorkState.WAITING))
    query = select(Work.id).where(Work.kind == kind, Work.subject_id == subject_id, ahead)
    return db.session.scalar(query.limit(1)) is not None


def has_due(kind: WorkKind, connection_id: uuid.UUID) -> bool:
    """Is any work of this kind due for the customer, or in hand?"""
    open_now = and_(Work.state.in_((WorkState.DUE, WorkState.RUNNING)), Work.due_at <= now())
    query = select(Work.id).where(Work.connection_id == connection_id, Work.kind == kind, open_now)
    return db.session.scalar(query.limit(1)) is not None


def is_parked(kind: WorkKind, subject_id: uuid.UUID) -> bool:
    """Does work of this kind about this subject wait until the connection is repaired?"""
    query = select(Work.id).where(Work.kind == kind, Work.subject_id == subject_id)
    return db.session.scalar(query.where(Work.state == WorkState.WAITING).limit(1)) is not None


def oldest_due_seconds(connection_id: uuid.UUID | None = None) -> float:
    """Age of the oldest row that should have been taken by now; 0 when there is none. Of everybody,
    without what is parked (outbox.breakers)."""
    query = select(func.min(Work.due_at)).where(Work.state == WorkState.DUE, Work.due_at <= now())
    if connection_id:
        query = query.where(Work.connection_id == connection_id)
    else:
        parked = select(Breaker.connection_id).where(Breaker.closed_at.is_(None))
        query = query.where(or_(Work.connection_id.is_(None), Work.connection_id.not_in(parked)))
    oldest = db.session.scalar(query)
    return (now() - oldest).total_seconds() if oldest else 0.0


def unfinished(connection_id: uuid.UUID) -> int:
    """How much of the customer's work is due now and has not been done."""
    due = (Work.state.in_((WorkState.DUE, WorkState.RUNNING)), Work.due_at <= now())
    query = select(func.count()).where(Work.connection_id == connection_id, *due)
    return db.session.execute(query).scalar_one()


def unknown_kinds() -> list[str]:
    """Kinds of open work that this release does not know."""
    query = select(Work.kind).where(Work.state.in_(UNFINISHED), Work.kind.not_in(kinds()))
    return sorted(db.session.scalars(query.distinct()))


def counts(connection_id: uuid.UUID | None = None) -> dict[str, int]:
    """Rows per state."""
    query = select(Work.state, func.count()).group_by(Work.state)
    if connection_id:
        query = query.where(Work.connection_id == connection_id)
    return {state.value: number for state, number in db.session.execute(query)}


def dead(connection_id: uuid.UUID | None = None, limit: int = 50) -> list[Work]:
    """Dead work of a connection, or of everybody, latest first."""
    query = select(Work).where(*_dead(connection_id)).order_by(Work.ended_at.desc()).limit(limit)
    return list(db.session.scalars(query))


def _again() -> Update:
    """Work is tried as if for the first time."""
    return update(Work).values(
        state=WorkState.DUE, due_at=now(), failures=0, ended_at=None, dispatched_at=None
    )


def _dead(connection_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    theirs = [] if connection_id is None else [Work.connection_id == connection_id]
    return [Work.state == WorkState.DEAD, *theirs]


@every(seconds=600)
def forget_old() -> int:
    """Delete work that was done a while ago; dead work stays. Its number: so many at a time, that
    nobody waits for long."""
    before = now() - KEEP_DONE
    # Due before it was done; of the two, that is in an index.
    old = and_(Work.state == WorkState.DONE, Work.due_at < before, Work.ended_at < before)
    with transaction() as session:
        some = select(Work.id).where(old).limit(PURGE_BATCH)
        return row_count(session.execute(delete(Work).where(Work.id.in_(some))))
