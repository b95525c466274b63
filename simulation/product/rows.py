"""States of everything that has one, for coverage, and whether anything is left to do."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from eqsr.activity.models import Activity
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.models import Breaker, Work, WorkState
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.sittings.models import Sitting

NOUNS: dict[str, tuple[Any, Any]] = {
    "invitation": (Invitation, InvitationState),
    "connection": (Connection, ConnectionState),
    "work": (Work, WorkState),
    "write-back": (WriteBack, WriteBackState),
    "mail": (Mail, MailState),
}
# Later than this, a row is not waited for: it belongs to another day.
FAR = timedelta(hours=2)
# Overdue work of this age, after everything has healed, has been forgotten.
OVERDUE = timedelta(minutes=20)


def states() -> Iterator[tuple[str, Any, str]]:
    """(noun, key, state) of everything that has a state."""
    for noun, (model, _) in NOUNS.items():
        for key, state in db.session.execute(select(model.id, model.state)):
            yield noun, key, state.value
    for key, finished in db.session.execute(select(Sitting.id, Sitting.finished_at)):
        yield "sitting", key, "finished" if finished else "under way"
    for key, closed in db.session.execute(select(Breaker.id, Breaker.closed_at)):
        yield "breaker", key, "closed" if closed else "open"


def all_states() -> dict[str, list[str]]:
    """The states that each noun has."""
    found = {noun: [state.value for state in kinds] for noun, (_, kinds) in NOUNS.items()}
    return found | {"sitting": ["under way", "finished"], "breaker": ["open", "closed"]}


def decisions() -> dict[str, int]:
    """How often each kind of activity was logged."""
    query = select(Activity.kind, func.count()).group_by(Activity.kind)
    return {str(kind): number for kind, number in db.session.execute(query)}


def nothing_to_do() -> bool:
    """Whether no work is due soon, running or waiting; but for mails to mailboxes that are full."""
    full = func.coalesce(Work.last_error, "").startswith("451")
    soon = select(func.count()).where(Work.state == WorkState.DUE, Work.due_at < now() + FAR, ~full)
    held = select(func.count()).where(Work.state.in_((WorkState.RUNNING, WorkState.WAITING)))
    return not db.session.scalar(soon) and not db.session.scalar(held)


@dataclass(frozen=True)
class Row:
    """A row of work, for the oracle."""

    kind: str
    state: str
    since: str
    error: str
    connection_id: uuid.UUID | None


def unfinished_work() -> list[Row]:
    """Work that is overdue, waiting, or running without a living worker."""
    late = now() - OVERDUE
    return [
        *_rows(Work.state == WorkState.DUE, Work.due_at < late),
        *_rows(Work.state == WorkState.WAITING),
        *_rows(Work.state == WorkState.RUNNING, Work.lease_until < late),
    ]


def dead_work() -> list[Row]:
    """Work that was given up."""
    return _rows(Work.state == WorkState.DEAD)


def _rows(*where: Any) -> list[Row]:
    return [
        Row(
            one.kind,
            one.state.value,
            f"{one.due_at:%a %H:%M:%S}",
            one.last_error or "",
            one.connection_id,
        )
        for one in db.session.scalars(select(Work).where(*where).order_by(Work.id))
    ]
