"""Enqueue work; outbox.fair_dispatch dispatches it, outbox.claims claims it.

The database is the truth; Redis only carries ids (outbox.queue). A row that is dispatched twice,
late or never is still processed once: only its latest claim may record the outcome, and a row
whose lease has run out can be claimed again.
"""

import uuid
from datetime import datetime

from sqlalchemy import select, update

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import after_commit, db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.outbox import wakeups
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState


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
            after_commit(wakeups.wake_dispatcher)


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

    Call ``wakeups.wake_dispatcher()`` after the commit.
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
