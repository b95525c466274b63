"""Choose which due rows are dispatched next, so that no customer's backlog delays the others."""

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, update

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, db, end_read, transaction
from eqsr.core.extensions import settings
from eqsr.outbox import lanes
from eqsr.outbox.due_rows import (
    MARK,
    NEXT,
    RUNNING,
    DueRow,
    DueRows,
    columns,
    next_where,
    work_table,
)
from eqsr.outbox.handlers import lane_of, never_parked
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.queue import DispatchGroup

# A row that no worker claimed in this time (Redis wiped, worker killed) is dispatched again.
DISPATCH_AGAIN = timedelta(seconds=20)
# How many rows one RQ job carries: RQ's overhead per job is as large as our own.
BATCH = 2
# Most rows of one customer in flight, of all kinds together, in multiples of its cap of slots: as
# many again as may run, so that a slot that becomes free finds its next row waiting.
IN_FLIGHT_PER_SLOT = 2


def next_to_dispatch(
    paused: Collection[tuple[str, uuid.UUID]] = (),
    parked: Collection[uuid.UUID] = (),
    limit: int = 1000,
) -> list[DispatchGroup]:
    """Mark the next rows as dispatched and return them, taking turns between customers.

    Each group has at most BATCH rows, all of one kind and connection. At most MAX_IN_FLIGHT rows
    of a kind and connection are dispatched and unclaimed at once. A connection has at most
    IN_FLIGHT_PER_SLOT times its cap of rows in flight per lane, running rows included.

    ``paused``: kinds and connections to leave out (broker_state.pause). ``parked``: connections
    whose breaker is open, of which only kinds that never park are returned. ``limit``: most rows to
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
        marked = set(connection.scalars(MARK, facts))
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
        in_flight = Counter(map(_cap_key, connection.execute(RUNNING, {"moment": moment})))
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
        and_(columns.kind == kind, columns.connection_id == one) for kind, one in paused
    ]
    if parked:
        left_out.append(
            and_(columns.connection_id.in_(parked), columns.kind.not_in(never_parked()))
        )
    if not left_out:
        return NEXT
    return next_where(or_(columns.connection_id.is_(None), not_(or_(*left_out))))


def return_to_due(ids: Collection[uuid.UUID]) -> None:
    """Make rows available for dispatch again that were dispatched but will not be claimed."""
    if not ids:
        return
    unclaimed = and_(columns.id.in_(ids), columns.state == WorkState.DUE)
    with core_transaction() as connection:
        connection.execute(update(work_table).where(unclaimed).values(dispatched_at=None))


def reset_dispatched() -> None:
    """Make all dispatched rows available again, after Redis has lost them."""
    with transaction() as session:
        session.execute(
            update(Work)
            .where(Work.state == WorkState.DUE, Work.dispatched_at.is_not(None))
            .values(dispatched_at=None)
        )
