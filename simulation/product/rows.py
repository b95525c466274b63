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


def triggers() -> Iterator[str]:
    """SQLite triggers that tell each change of a state: ``seen(noun, before, after)``.

    They are temporary, so that no schema changes, and work for statements of every kind.
    """
    for noun, (model, _) in NOUNS.items():
        yield _trigger(model, "INSERT", f"seen('{noun}', '', NEW.state)")
        changed = f"seen('{noun}', OLD.state, NEW.state)"
        yield _trigger(model, "UPDATE OF state", changed, "OLD.state <> NEW.state")
    yield _trigger(Sitting, "INSERT", "seen('sitting', '', 'under way')")
    # Whatever is finished after its time was over, was ended unfinished before.
    late = f"SELECT 1 FROM invitation WHERE id = NEW.invitation_id AND state IN {_ENDED}"  # noqa: S608
    finished = "OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL"
    before = f"CASE WHEN EXISTS ({late}) THEN 'ended unfinished' ELSE 'under way' END"
    yield _trigger(
        Sitting, "UPDATE OF finished_at", f"seen('sitting', {before}, 'finished')", finished
    )
    for name, old, new in (("over", "NOT IN", "IN"), ("again", "IN", "NOT IN")):
        states = ("under way", "ended unfinished")
        a, b = states if name == "over" else states[::-1]
        own = "FROM sitting WHERE invitation_id = NEW.id AND finished_at IS NULL"
        when = f"OLD.state {old} {_ENDED} AND NEW.state {new} {_ENDED}"
        told = f"seen('sitting', '{a}', '{b}') {own}"
        yield _trigger(Invitation, "UPDATE OF state", told, when, f"sitting_{name}")
    opened = "CASE WHEN NEW.closed_at IS NULL THEN 'open' ELSE 'closed' END"
    yield _trigger(Breaker, "INSERT", f"seen('breaker', '', {opened})")
    before = "CASE WHEN OLD.closed_at IS NULL THEN 'open' ELSE 'closed' END"
    yield _trigger(
        Breaker,
        "UPDATE OF closed_at",
        f"seen('breaker', {before}, {opened})",
        "(OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL)",
    )


_ENDED = "('partly_completed', 'expired', 'cancelled')"


def _trigger(model: Any, what: str, told: str, when: str = "1", name: str = "") -> str:
    table = model.__tablename__
    name = name or f"{table}_{what.split()[0].lower()}"
    return (
        f"CREATE TEMP TRIGGER seen_{name} AFTER {what} ON main.{table} "
        f"WHEN {when} BEGIN SELECT {told}; END"
    )


def all_states() -> dict[str, list[str]]:
    """The states that each noun has."""
    found = {noun: [state.value for state in kinds] for noun, (_, kinds) in NOUNS.items()}
    sittings = ["under way", "ended unfinished", "finished"]
    return found | {"sitting": sittings, "breaker": ["open", "closed"]}


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
