"""Whose turn it is: which due rows are handed out next, so that nobody's crowd holds others up."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, bindparam, case, false, func, not_, or_, select, true, update

from eqsr.clock import now
from eqsr.db import db, plain_transaction, release, transaction
from eqsr.outbox.models import Work, WorkState

# A ring that nobody followed (Redis wiped, worker killed) is repeated after this time.
RING_AGAIN = timedelta(seconds=20)
# How many rows of one kind and connection may be rung and not yet taken: a customer's burst of a
# thousand then stands in its own queue, and another customer's single move passes by.
ABREAST = 4
# How many of them are given to one worker at a time, for RQ's own work costs as much as ours.
TOGETHER = 2


_row = Work.__table__.c


def _unrung(row):
    """Nobody was told of it, or nobody followed."""
    return or_(row.rung_at.is_(None), row.rung_at <= bindparam("lapsed"))


def _next_but(free):
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
        order_by=(case((_row.rung_at > bindparam("lapsed"), 0), else_=1), _row.id),
    )
    places = select(_row.id, *lane, _row.rung_at, place.label("place")).where(due, free).subquery()
    return (
        select(places.c.id, places.c.kind, places.c.connection_id, places.c.place)
        .where(_unrung(places.c), places.c.place <= ABREAST)
        .order_by(places.c.place)
        .limit(bindparam("limit"))
    )


# Built once: the relay looks many times a second, in the process of a worker.
_NEXT = _next_but(true())
_MARK = (
    update(Work.__table__)
    .where(_row.id.in_(bindparam("ids", expanding=True)), _unrung(_row))
    .values(rung_at=bindparam("moment"))
    .returning(_row.id)
)


def to_ring(
    held: Collection[tuple[str, uuid.UUID]] = (), limit: int = 200
) -> list[list[uuid.UUID]]:
    """Mark as rung, and return, the next rows that workers should take, fairly in turn: in groups
    of at most TOGETHER for one worker, all of one kind and connection.

    Per kind and connection at most ABREAST rows are on their way at once, and none of those that
    are ``held`` (bell.hold). What another relay marks at the same time is left to it.
    """
    moment = now()
    rows = _next(moment, held, limit)
    if not rows:
        return []
    with plain_transaction() as connection:
        facts = {"ids": [row.id for row in rows], "moment": moment, "lapsed": moment - RING_AGAIN}
        marked = set(connection.scalars(_MARK, facts))
    return _groups([row for row in rows if row.id in marked])


def _groups(rows: Sequence[Row]) -> list[list[uuid.UUID]]:
    groups: dict[tuple, list[uuid.UUID]] = {}
    for row in rows:
        turn = (row.place - 1) // TOGETHER
        groups.setdefault((turn, row.kind, row.connection_id), []).append(row.id)
    return list(groups.values())


def _next(moment: datetime, held: Collection[tuple[str, uuid.UUID]], limit: int) -> Sequence[Row]:
    left = [and_(_row.kind == kind, _row.connection_id == one) for kind, one in held]
    query = (
        _next_but(or_(_row.connection_id.is_(None), not_(or_(false(), *left)))) if held else _NEXT
    )
    release()
    with db.engine.connect() as connection:
        facts = {"moment": moment, "lapsed": moment - RING_AGAIN, "limit": limit}
        return connection.execute(query, facts).all()


def forget_rings() -> None:
    """Nothing that was rung is on its way any more: ring again at once."""
    with transaction() as session:
        session.execute(
            update(Work)
            .where(Work.state == WorkState.DUE, Work.rung_at.is_not(None))
            .values(rung_at=None)
        )
