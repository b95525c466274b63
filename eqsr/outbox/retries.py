"""Make parked, dead or rescheduled work due again."""

import uuid
from datetime import timedelta

from sqlalchemy import Select, Update, and_, func, select, update

from eqsr.core.clock import now
from eqsr.core.db import after_commit, row_count, transaction
from eqsr.outbox import wakeups
from eqsr.outbox.claims import backoff
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.status import dead_conditions


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
        after_commit(wakeups.wake_dispatcher)
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
        return row_count(session.execute(_reset_for_retry().where(*dead_conditions(connection_id))))


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
        after_commit(wakeups.wake_dispatcher)
        return number


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


def _reset_for_retry() -> Update:
    """An update that makes rows due again with all their attempts."""
    return update(Work).values(
        state=WorkState.DUE, due_at=now(), failures=0, ended_at=None, dispatched_at=None
    )
