"""Email an organisation's admins when its connection needs them."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import Role, User
from eqsr.connections import queries
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail import service as mails
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import MailState
from eqsr.outbox.kinds import WorkKind

# A problem that comes and goes is emailed once within this time.
ALERT_INTERVAL = timedelta(hours=6)


def queue(connection: Connection) -> None:
    """Queue an email to all admins about the problem of this locked connection.

    Does nothing if they were emailed about the same problem recently.
    """
    emailed_at = connection.problem_told_at
    lately = emailed_at is not None and now() - emailed_at < ALERT_INTERVAL
    if lately and connection.problem == connection.problem_told:
        return
    connection.problem_told, connection.problem_told_at = connection.problem, now()
    for admin in _admins(connection.organisation_id):
        mails.queue(
            WorkKind.CONNECTION_TROUBLE_MAIL, connection.id, connection.organisation_id, admin.email
        )


def send(mail_id: uuid.UUID) -> None:
    """Send it, unless the connection works again. Raises Reschedule, PermanentFailure."""
    queued = mails.get(mail_id)
    if queued.state is MailState.QUEUED:
        deliver_email(queued, compose(queries.get_one(queued.subject_id)))


def compose(connection: Connection) -> Email | None:
    """Compose the email ``connection_trouble``; None if there is no problem."""
    if not connection.problem:
        return None
    organisation = connection.organisation
    return compose_email(
        "connection_trouble",
        locale=organisation.language,
        zone=organisation.time_zone,
        organisation_name=organisation.name,
        problem=connection.problem,
        connection_url=f"{settings.public_url}/connection",
    )


def _admins(organisation_id: uuid.UUID) -> list[User]:
    query = select(User).where(User.organisation_id == organisation_id, User.role == Role.ADMIN)
    return list(db.session.scalars(query.where(User.active).order_by(User.email)))
