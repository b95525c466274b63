"""Write the activity log and audit entries."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity, AuditEntry
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_

# Facts that contain an address, or text of a mail server or another program.
PERSONAL = ("email", "before", "reason", "said")
# Shown instead of these facts once the result was erased.
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
    """Add an entry to the activity log, in the transaction of what it reports.

    ``at``: when it happened; now by default. ``facts``: the
    values for the sentence.
    """
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
    """Like ``log`` for an application, but once per ``cause`` (such as an event's id) and facts.

    So work that is repeated after a crash, and sweeps that find the same again, add no second
    entry.
    """
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
    action: AuditAction,
    organisation_id: uuid.UUID | None,
    user_id: uuid.UUID | None,
    subject_id: uuid.UUID | None = None,
    address: str = "",
    **facts: Any,
) -> AuditEntry:
    """Add an audit entry for an action of a user, in the transaction of the action.

    ``address``: the client's IP address. ``organisation_id``: None if no account is known.
    """
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


def impersonal(facts: dict[str, Any]) -> dict[str, Any]:
    """Replace the facts that may identify a person."""
    return {key: ERASED if key in PERSONAL else value for key, value in facts.items()}
