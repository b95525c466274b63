"""Read the activity log and audit entries."""

import uuid
from datetime import datetime

from sqlalchemy import Select, select

from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity, AuditEntry
from eqsr.core.db import db


def audited(entry_id: uuid.UUID) -> AuditEntry:
    """The audit entry with this id."""
    return db.session.get_one(AuditEntry, entry_id)


def latest_audited(action: AuditAction, subject_id: uuid.UUID) -> AuditEntry | None:
    """The latest audit entry of this action about this subject, or None."""
    return db.session.scalar(_audited(action, subject_id).limit(1))


def audited_since(action: AuditAction, subject_id: uuid.UUID, since: datetime) -> list[AuditEntry]:
    """Audit entries of this action about this subject after ``since``, latest first."""
    return list(db.session.scalars(_audited(action, subject_id).where(AuditEntry.at > since)))


def _audited(action: AuditAction, subject_id: uuid.UUID) -> Select[AuditEntry]:
    return (
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id, AuditEntry.action == action)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )


def of_applications(application_ids: list[uuid.UUID]) -> list[Activity]:
    """All activities of these applications, oldest first."""
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.application_id.in_(application_ids))
            .order_by(Activity.at, Activity.id)
        )
    )


def of_kind(application_id: uuid.UUID, kind: ActivityKind) -> list[Activity]:
    """All activities of this kind of an application, oldest first."""
    return [one for one in of_applications([application_id]) if one.kind == kind]


def of_connection(connection_id: uuid.UUID, limit: int = 50) -> list[Activity]:
    """The latest activities of a connection that belong to no application, latest first."""
    return list(
        db.session.scalars(
            select(Activity)
            .where(Activity.connection_id == connection_id, Activity.application_id.is_(None))
            .order_by(Activity.at.desc(), Activity.id.desc())
            .limit(limit)
        )
    )
