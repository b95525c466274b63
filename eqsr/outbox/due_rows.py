"""The SQL statements that find due rows, taking turns between customers, and mark them."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from eqsr.core.inserts import table_of
from eqsr.outbox.models import Work, WorkState

# Most rows of one kind and connection that are dispatched and not yet claimed. So a customer's
# burst of a thousand rows waits in the database, and another customer's single row passes it.
MAX_IN_FLIGHT = 4
work_table = table_of(Work)
columns = work_table.c
# The rows that next_where selects.
DueRow = Row[*tuple[Any, ...]]
DueRows = Select[*tuple[Any, ...]]


def _undispatched() -> ColumnElement[bool]:
    """Not dispatched, or dispatched so long ago that it needs to be again."""
    return or_(columns.dispatched_at.is_(None), columns.dispatched_at <= bindparam("lapsed"))


def next_where(allowed: ColumnElement[bool]) -> DueRows:
    """Select the next due rows, round-robin: first the first row of each kind and connection."""
    due = or_(
        and_(columns.state == WorkState.DUE, columns.due_at <= bindparam("moment")),
        and_(columns.state == WorkState.RUNNING, columns.lease_until < bindparam("moment")),
    )
    group = (columns.kind, columns.connection_id)
    place = func.row_number().over(
        partition_by=group,
        # Rows in flight come first, so that they count towards MAX_IN_FLIGHT. Then the oldest
        # (ids are in order of time): a row that was rescheduled keeps its place before later ones.
        order_by=(case((columns.dispatched_at > bindparam("lapsed"), 0), else_=1), columns.id),
    )
    places = (
        select(columns.id, *group, columns.dispatched_at, place.label("place"))
        .where(due, allowed)
        .subquery()
    )
    return (
        select(
            places.c.id,
            *(places.c[one.name] for one in group),
            places.c.place,
            places.c.dispatched_at,
        )
        .where(places.c.place <= MAX_IN_FLIGHT)
        .order_by(places.c.place)
        .limit(bindparam("limit"))
    )


# Built once, because the dispatcher runs it many times a second inside a worker's process.
NEXT = next_where(true())
MARK = (
    update(work_table)
    .where(columns.id.in_(bindparam("ids", expanding=True)), _undispatched())
    .values(dispatched_at=bindparam("moment"))
    .returning(columns.id)
)
# The rows that workers are processing.
RUNNING = select(columns.connection_id, columns.kind).where(
    columns.state == WorkState.RUNNING, columns.lease_until >= bindparam("moment")
)
