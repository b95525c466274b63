"""Query how much work is due, running, parked or dead."""

import uuid

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.outbox.handlers import kinds
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Breaker, Work, WorkState

# States of work that has not ended.
UNFINISHED = (WorkState.DUE, WorkState.RUNNING, WorkState.WAITING)


def count_rescheduled(reason: str) -> int:
    """Number of rows that were rescheduled for this reason."""
    query = select(func.count()).select_from(Work)
    query = query.where(Work.state == WorkState.DUE, Work.last_error == reason)
    return db.session.execute(query).scalar_one()


def dead_about(subject_ids: Select[uuid.UUID]) -> int:
    """Number of dead rows about these subjects."""
    query = select(func.count()).select_from(Work)
    query = query.where(*dead_conditions(None), Work.subject_id.in_(subject_ids))
    return db.session.execute(query).scalar_one()


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
    query = (
        select(Work)
        .where(*dead_conditions(connection_id))
        .order_by(Work.ended_at.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


def dead_conditions(connection_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    """Conditions: the row is dead and, if given, belongs to this connection."""
    of_connection = [] if connection_id is None else [Work.connection_id == connection_id]
    return [Work.state == WorkState.DEAD, *of_connection]
