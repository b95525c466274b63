"""Record every change of a credential: an audit entry, and an email to all admins."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from eqsr.accounts.models import Role, User
from eqsr.activity import history as activity_history
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind

# A lost subscription may be repaired every ten minutes; one email an hour about it is enough.
REPEAT_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True)
class By:
    """Who makes a change: name shown to others, account if there is one, network address.

    An empty name means the system.
    """

    name: str = ""
    user_id: UUID | None = None
    address: str = ""


SYSTEM = By()


def by_user(user: User, address: str = "") -> By:
    """Return the By of a user's own action."""
    return By(user.display_name, user.id, address)


def record(action: AuditAction, connection: Connection, by: By = SYSTEM, **facts: Any) -> None:
    """Audit a change in the current transaction, and email the admins."""
    with transaction():
        company = connection.company_name or ""
        entry = activity.audit(
            action,
            connection.organisation_id,
            by.user_id,
            connection.id,
            by.address,
            by=by.name,
            company=company,
            **facts,
        )
        for email in _recipients(connection):
            mails.queue(WorkKind.CREDENTIAL_CHANGED, entry.id, connection.organisation_id, email)


def record_once_per_interval(action: AuditAction, connection: Connection) -> None:
    """Audit a change that the system made; email about it at most once per REPEAT_INTERVAL."""
    with transaction():
        lately = activity_history.audited_since(action, connection.id, now() - REPEAT_INTERVAL)
        if any(entry.facts.get("told") for entry in lately):
            activity.audit(action, connection.organisation_id, None, connection.id, by="")
        else:
            record(action, connection, told=True)


def _recipients(connection: Connection) -> list[str]:
    """Addresses of all active admins; before there is one, that of the onboarding link."""
    query = select(User.email).where(
        User.organisation_id == connection.organisation_id,
        User.role == Role.ADMIN,
        User.active.is_(True),
    )
    admins = list(db.session.scalars(query.order_by(User.email)))
    if admins or not connection.alert_address:
        return admins
    return [connection.alert_address]
