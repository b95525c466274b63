"""The verbs of a worker."""

from typing import Any

from sqlalchemy import func, select

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.outbox import breaker_state, dispatcher, fair_dispatch, lanes, leases, runner, schedule
from eqsr.outbox.buffer import Buffer
from eqsr.outbox.leader import LeaderLock
from eqsr.outbox.models import Work, WorkState

LANES = lanes.LANES

__all__ = ["LANES", "Buffer", "LeaderLock"]


def renew_and_look() -> None:
    """What every dispatcher does in each round."""
    leases.renew()
    breaker_state.open_connections()


def dispatch() -> tuple[int, list[float]]:
    """Hand out what is due; returns how many rows, and pauses in seconds."""
    return dispatcher.dispatch_due()


def tick() -> None:
    """Run what the clock asks for."""
    schedule.tick()


def seconds_to_next_due() -> float | None:
    """Seconds until the next row is due; None if there is none."""
    query = select(func.min(Work.due_at)).where(
        Work.state == WorkState.DUE, Work.dispatched_at.is_(None)
    )
    due = db.session.scalar(query)
    db.session.remove()
    return None if due is None else (due - now()).total_seconds()


def in_hand() -> bool:
    """Whether this process is working on anything."""
    return bool(leases._in_hand)


def perform(row: Any) -> None:
    """Do one row of work, or give it back if its customer's breaker is open (outbox.slots)."""
    if breaker_state.is_parked(row.kind, row.connection_id):
        fair_dispatch.return_to_due([row.work_id])
    else:
        runner.perform(str(row.work_id))
    db.session.remove()


def buffer(lane: Any, slots: int) -> Buffer:
    """What waits inside a worker for a slot of this lane."""
    return Buffer(slots, lanes.cap_of(lane, slots))


def hand_back() -> None:
    """What a stopping worker does with what it could not finish."""
    leases.hand_back()
