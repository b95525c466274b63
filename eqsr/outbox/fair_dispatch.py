"""Choose which due rows are dispatched next, so that no customer's backlog delays the others."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
    update,
)

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, db, end_read, transaction
from eqsr.core.extensions import settings
from eqsr.core.inserts import table_of
from eqsr.outbox import lanes
from eqsr.outbox.handlers import lane_of, never_parked
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.queue import DispatchGroup

# A row that no worker claimed in this time (Redis wiped, worker killed) is dispatched again.
DISPATCH_AGAIN = timedelta(seconds=20)
# Most rows of one kind and connection that are dispatched and not yet claimed. So a customer's
# burst of a thousand rows waits in the database, and another customer's single row passes it.
MAX_IN_FLIGHT = 4
# How many rows one RQ job carries: RQ's overhead per job is as large as our own.
BATCH = 2
# Most rows of one customer in flight, of all kinds together, in multiples of its cap of slots: as
# many again as may run, so that a slot that becomes free finds its next row waiting.
IN_FLIGHT_PER_SLOT = 2


_work = table_of(Work)
_row = _work.c

# The rows that _next_where selects.
DueRow = Row[*tuple[Any, ...]]
DueRows = Select[*tuple[Any, ...]]


def _undispatched() -> ColumnElement[bool]:
    """Not dispatched, or dispatched so long ago that it needs to be again."""
    return or_(_row.dispatched_at.is_(None), _row.dispatched_at <= bindparam("lapsed"))


def _next_where(allowed: ColumnElement[bool]) -> DueRows:
    """Select the next due rows, round-robin: first the first row of each kind and connection."""
    due = or_(
        and_(_row.state == WorkState.DUE, _row.due_at <= bindparam("moment")),
        and_(_row.state == WorkState.RUNNING, _row.lease_until < bindparam("moment")),
    )
    group = (_row.kind, _row.connection_id)
    place = func.row_number().over(
        partition_by=group,
        # Rows in flight come first, so that they count towards MAX_IN_FLIGHT. Then the oldest
        # (ids are in order of time): a row that was rescheduled keeps its place before later ones.
        order_by=(case((_row.dispatched_at > bindparam("lapsed"), 0), else_=1), _row.id),
    )
    places = (
        select(_row.id, *group, _row.dispatched_at, place.label("place"))
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
_NEXT = _next_where(true())
_MARK = (
    update(_work)
    .where(_row.id.in_(bindparam("ids", expanding=True)), _undispatched())
    .values(dispatched_at=bindparam("moment"))
    .returning(_row.id)
)


# The rows that workers are processing.
_RUNNING = select(_row.connection_id, _row.kind).where(
    _row.state == WorkState.RUNNING, _row.lease_until >= bindparam("moment")
)


def next_to_dispatch(
    paused: Collection[tuple[str, uuid.UUID]] = (),
    parked: Collection[uuid.UUID] = (),
    limit: int = 1000,
) -> list[DispatchGroup]:
    """Mark the next rows as dispatched and return them, taking turns between customers.

    Each group has at most BATCH rows, all of one kind and connection. At most MAX_IN_FLIGHT rows
    of a kind and connection are dispatched and unclaimed at once. A connection has at most
    IN_FLIGHT_PER_SLOT times its cap of rows in flight per lane, running rows included.

    ``paused``: kinds and connections to leave out (queue.pause). ``parked``: connections whose
    breaker is open, of which only kinds that never park are returned. ``limit``: most rows to
    examine. Rows that another dispatcher marks at the same time are left to it.
    """
    moment = now()
    rows = _next(moment, _allowed(paused, parked), limit)
    if not rows:
        return []
    with core_transaction() as connection:
        facts = {
            "ids": [row.id for row in rows],
            "moment": moment,
            "lapsed": moment - DISPATCH_AGAIN,
        }
        marked = set(connection.scalars(_MARK, facts))
    return _groups([row for row in rows if row.id in marked])


def _groups(rows: Sequence[DueRow]) -> list[DispatchGroup]:
    groups: dict[tuple[int, str, uuid.UUID | None], list[uuid.UUID]] = {}
    for row in rows:
        turn = (row.place - 1) // BATCH
        groups.setdefault((turn, row.kind, row.connection_id), []).append(row.id)
    return [DispatchGroup(kind, connection, ids) for (_, kind, connection), ids in groups.items()]


def _next(moment: datetime, query: DueRows, limit: int) -> list[DueRow]:
    end_read()
    lapsed = moment - DISPATCH_AGAIN
    with db.engine.connect() as connection:
        facts = {"moment": moment, "lapsed": lapsed, "limit": limit}
        rows = connection.execute(query, facts).all()
        if not rows:
            return []
        in_flight = Counter(map(_cap_key, connection.execute(_RUNNING, {"moment": moment})))
    waiting = [row for row in rows if row.dispatched_at is None or row.dispatched_at <= lapsed]
    in_flight.update(
        _cap_key(row) for row in rows if row.dispatched_at and row.dispatched_at > lapsed
    )
    slots = settings.worker_slots
    room = {lane: IN_FLIGHT_PER_SLOT * lanes.cap_of(lane, slots) for lane in lanes.LANES}
    chosen = []
    for row in waiting:
        key = _cap_key(row)
        if in_flight[key] < room[lane_of(row.kind)]:
            in_flight[key] += 1
            chosen.append(row)
    return chosen


def _cap_key(row: DueRow) -> tuple[uuid.UUID | None, lanes.Lane]:
    """The cap that the row counts for: one per connection and lane."""
    return row.connection_id, lane_of(row.kind)


def _allowed(paused: Collection[tuple[str, uuid.UUID]], parked: Collection[uuid.UUID]) -> DueRows:
    left_out: list[ColumnElement[bool]] = [
        and_(_row.kind == kind, _row.connection_id == one) for kind, one in paused
    ]
    if parked:
        left_out.append(and_(_row.connection_id.in_(parked), _row.kind.not_in(never_parked())))
    if not left_out:
        return _NEXT
    return _next_where(or_(_row.connection_id.is_(None), not_(or_(*left_out))))


def return_to_due(ids: Collection[uuid.UUID]) -> None:
    """Make rows available for dispatch again that were dispatched but will not be claimed."""
    if not ids:
        return
    unclaimed = and_(_row.id.in_(ids), _row.state == WorkState.DUE)
    with core_transaction() as connection:
        connection.execute(update(_work).where(unclaimed).values(dispatched_at=None))


def reset_dispatched() -> None:
    """Make all dispatched rows available again, after Redis has lost them."""
    with transaction() as session:
        session.execute(
            update(Work)
            .where(Work.state == WorkState.DUE, Work.dispatched_at.is_not(None))
            .values(dispatched_at=None)
        )
