"""Writing the ledger, in the transaction of what it tells about."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity, AuditEntry
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_

# Facts that hold an address, or what a mail server or another program wrote.
PERSONAL = ("email", "before", "reason", "said")
# What their sentences say instead, once the result was erased.
ERASED = N_("(deleted)")


def log(
    kind: ActivityKind,
    organisation_id: uuid.UUID,
    *,
    application_id: uuid.UUID | None = None,
    connection_id: uuid.UUID | None = None,
    job_id: uuid.UUID | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Something happened or was decided; activity.sentences words it."""
    with transaction() as session:
        session.add(
            Activity(
                organisation_id=organisation_id,
                kind=kind,
                facts=facts,
                application_id=application_id,
                connection_id=connection_id,
                job_id=job_id,
                at=at or now(),
            )
        )


def log_once(
    kind: ActivityKind,
    organisation_id: uuid.UUID,
    application_id: uuid.UUID,
    cause: str,
    *,
    job_id: uuid.UUID | None = None,
    **facts: Any,
) -> None:
    """Like ``log`` for an application, once per ``cause`` (such as an event's id) and facts:
    work that is done again after a crash, and a sweep that finds the same again, repeat no line."""
    with transaction() as session:
        facts["cause"] = cause
        latest = session.scalars(
            select(Activity.facts)
            .where(Activity.application_id == application_id, Activity.kind == kind)
            .order_by(Activity.at.desc())
            .limit(20)
        )
        if facts not in latest.all():
            log(kind, organisation_id, application_id=application_id, job_id=job_id, **facts)


def audit(
    action: str,
    organisation_id: uuid.UUID,
    user_id: uuid.UUID | None,
    subject_id: uuid.UUID | None = None,
    address: str = "",
    **facts: Any,
) -> AuditEntry:
    """Somebody did something that may have to be accounted for."""
    with transaction() as session:
        entry = AuditEntry(
            action=action,
            organisation_id=organisation_id,
            user_id=user_id,
            subject_id=subject_id,
            address=address,
            facts=facts,
        )
        session.add(entry)
        session.flush()
        return entry


def audited(entry_id: uuid.UUID) -> AuditEntry:
    """One entry, by its id."""
    return db.session.get_one(AuditEntry, entry_id)


def latest_audited(action: str, subject_id: uuid.UUID) -> AuditEntry | None:
    """The latest entry of this action about this subject."""
    return db.session.scalar(_audited(action, subject_id).limit(1))


def audited_since(action: str, subject_id: uuid.UUID, since: datetime) -> list[AuditEntry]:
    """The entries of this action about this subject since then, latest first."""
    return list(db.session.scalars(_audited(action, subject_id).where(AuditEntry.at > since)))


def _audited(action: str, subject_id: uuid.UUID) -> Select[tuple[AuditEntry]]:
    return (
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id, AuditEntry.action == action)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )


def impersonal(facts: dict[str, Any]) -> dict[str, Any]:
    """The same without what tells who somebody is."""
    return {key: ERASED if key in PERSONAL else value for key, value in facts.items()}


def of_applications(application_ids: list[uuid.UUID]) -> list[Activity]:
    """Everything about these applications, oldest first."""
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.application_id.in_(application_ids))
            .order_by(Activity.at, Activity.id)
        )
    )


def of_kind(application_id: uuid.UUID, kind: ActivityKind) -> list[Activity]:
    """Oldest first."""
    return [one for one in of_applications([application_id]) if one.kind == kind]


def of_connection(connection_id: uuid.UUID, limit: int = 50) -> list[Activity]:
    """What happened to a connection itself, latest first."""
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.connection_id == connection_id, Activity.application_id.is_(None))
            .order_by(Activity.at.desc(), Activity.id.desc())
            .limit(limit)
        )
    )
