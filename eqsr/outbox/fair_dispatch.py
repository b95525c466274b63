"""Whose turn it is: which due rows are handed out next, so that nobody's crowd holds others up."""

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
from eqsr.core.db import core_transaction, db, end_read, table_of, transaction
from eqsr.core.extensions import settings
from eqsr.outbox import lanes
from eqsr.outbox.handlers import lane_of, never_parked
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.queue import Group

# A ring that nobody followed (Redis wiped, worker killed) is repeated after this time.
DISPATCH_AGAIN = timedelta(seconds=20)
# How many rows of one kind and connection are looked at, and at most rung and not yet taken: a
# customer's burst of a thousand then stands in its own queue, and another's single move passes by.
MAX_IN_FLIGHT = 4
# How many of them are given to one worker at a time, for RQ's own work costs as much as ours.
BATCH = 2
# Rows of one customer that are abroad, of all kinds together: as many as it may hold slots, and as
# many again, so that a slot that falls free has the next one at hand.
IN_FLIGHT_PER_SLOT = 2


_work = table_of(Work)
_row = _work.c

# Found by _next_but.
DueRow = Row[*tuple[Any, ...]]
DueRows = Select[*tuple[Any, ...]]


def _undispatched() -> ColumnElement[bool]:
    """Nobody was told of it, or nobody followed."""
    return or_(_row.dispatched_at.is_(None), _row.dispatched_at <= bindparam("lapsed"))


def _next_but(free: ColumnElement[bool]) -> DueRows:
    """The next rows that are ``free``, in turns: first the first of each kind and customer."""
    due = or_(
        and_(_row.state == WorkState.DUE, _row.due_at <= bindparam("moment")),
        and_(_row.state == WorkState.RUNNING, _row.lease_until < bindparam("moment")),
    )
    lane = (_row.kind, _row.connection_id)
    place = func.row_number().over(
        partition_by=lane,
        # Those on their way take the first places, so they count. Then the oldest (ids carry the
        # time): what a limit has put back keeps its place before what came later.
        order_by=(case((_row.dispatched_at > bindparam("lapsed"), 0), else_=1), _row.id),
    )
    places = (
        select(_row.id, *lane, _row.dispatched_at, place.label("place")).where(due, free).subquery()
    )
    return (
        select(
            places.c.id,
            *(places.c[one.name] for one in lane),
            places.c.place,
            places.c.dispatched_at,
        )
        .where(places.c.place <= MAX_IN_FLIGHT)
        .order_by(places.c.place)
        .limit(bindparam("limit"))
    )


# Built once: the relay looks many times a second, in the process of a worker.
_NEXT = _next_but(true())
_MARK = (
    update(_work)
    .where(_row.id.in_(bindparam("ids", expanding=True)), _undispatched())
    .values(dispatched_at=bindparam("moment"))
    .returning(_row.id)
)


# What workers have in hand, of each customer.
_HELD = select(_row.connection_id, _row.kind).where(
    _row.state == WorkState.RUNNING, _row.lease_until >= bindparam("moment")
)


def next_to_dispatch(
    held: Collection[tuple[str, uuid.UUID]] = (),
    parked: Collection[uuid.UUID] = (),
    limit: int = 1000,
) -> list[Group]:
    """Mark as rung, and return, the next rows that workers should take, fairly in turn: in groups
    of at most TOGETHER for one worker, all of one kind and connection.

    Per kind and connection at most ABREAST rows are on their way at once, and per connection and
    lane at most AHEAD times its cap, with what is in hand; none of those that are ``held``
    (queue.pause), and of the connections that are ``parked`` (outbox.breakers) only probes. What
    another relay marks at the same time is left to it.
    """
    moment = now()
    rows = _next(moment, _free(held, parked), limit)
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


def _groups(rows: Sequence[DueRow]) -> list[Group]:
    groups: dict[tuple[int, str, uuid.UUID | None], list[uuid.UUID]] = {}
    for row in rows:
        turn = (row.place - 1) // BATCH
        groups.setdefault((turn, row.kind, row.connection_id), []).append(row.id)
    return [Group(kind, connection, ids) for (_, kind, connection), ids in groups.items()]


def _next(moment: datetime, query: DueRows, limit: int) -> list[DueRow]:
    end_read()
    lapsed = moment - DISPATCH_AGAIN
    with db.engine.connect() as connection:
        facts = {"moment": moment, "lapsed": lapsed, "limit": limit}
        rows = connection.execute(query, facts).all()
        if not rows:
            return []
        abroad = Counter(map(_customer, connection.execute(_HELD, {"moment": moment})))
    unrung = [row for row in rows if row.dispatched_at is None or row.dispatched_at <= lapsed]
    abroad.update(
        _customer(row) for row in rows if row.dispatched_at and row.dispatched_at > lapsed
    )
    slots = settings.worker_slots
    room = {lane: IN_FLIGHT_PER_SLOT * lanes.cap_of(lane, slots) for lane in lanes.LANES}
    found = []
    for row in unrung:
        whose = _customer(row)
        if abroad[whose] < room[lane_of(row.kind)]:
            abroad[whose] += 1
            found.append(row)
    return found


def _customer(row: DueRow) -> tuple[uuid.UUID | None, lanes.Lane]:
    """Whose cap the row counts for: each lane has its own."""
    return row.connection_id, lane_of(row.kind)


def _free(held: Collection[tuple[str, uuid.UUID]], parked: Collection[uuid.UUID]) -> DueRows:
    left: list[ColumnElement[bool]] = [
        and_(_row.kind == kind, _row.connection_id == one) for kind, one in held
    ]
    if parked:
        left.append(and_(_row.connection_id.in_(parked), _row.kind.not_in(never_parked())))
    if not left:
        return _NEXT
    return _next_but(or_(_row.connection_id.is_(None), not_(or_(*left))))


def return_to_due(ids: Collection[uuid.UUID]) -> None:
    """These were handed out and are not going to be taken: hand them out again when they may."""
    if not ids:
        return
    rung = and_(_row.id.in_(ids), _row.state == WorkState.DUE)
    with core_transaction() as connection:
        connection.execute(update(_work).where(rung).values(dispatched_at=None))


def reset_dispatched() -> None:
    """Nothing that was rung is on its way any more: ring again at once."""
    with transaction() as session:
        session.execute(
            update(Work)
            .where(Work.state == WorkState.DUE, Work.dispatched_at.is_not(None))
            .values(dispatched_at=None)
        )
