"""Queue emails in the transaction of their cause, and cancel, refuse or retry them."""

import logging
import uuid

from sqlalchemy import select, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import settings
from eqsr.mail import smtp
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.retries import retry_about
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)


def queue(
    kind: WorkKind,
    subject_id: uuid.UUID,
    organisation_id: uuid.UUID,
    to_address: str,
    connection_id: uuid.UUID | None = None,
) -> Mail:
    """Insert an email and the work of sending it, in the transaction of its cause.

    The worker's handler of ``kind`` gets the email's id and calls ``deliver``.
    """
    with transaction() as session:
        mail = Mail(
            kind=kind,
            subject_id=subject_id,
            organisation_id=organisation_id,
            to_address=to_address,
            message_id=smtp.new_message_id(settings.mail_from),
        )
        session.add(mail)
        session.flush()
        enqueue(kind, mail.id, connection_id=connection_id)
        return mail


def queue_one(
    kind: WorkKind,
    subject_id: uuid.UUID,
    organisation_id: uuid.UUID,
    to_address: str,
    connection_id: uuid.UUID | None = None,
) -> Mail:
    """Like ``queue``, but reuse an email of this kind and subject that was not sent yet.

    So even if it is sent twice, both have the same Message-ID.
    """
    with transaction() as session:
        unsent = session.scalar(
            select(Mail)
            .where(Mail.kind == kind, Mail.subject_id == subject_id)
            .where(Mail.state.in_((MailState.QUEUED, MailState.CANCELLED)))
            .order_by(Mail.created_at.desc())
            .limit(1)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if unsent is None:
            return queue(kind, subject_id, organisation_id, to_address, connection_id)
        unsent.state = MailState.QUEUED
        unsent.to_address = to_address
        unsent.created_at = now()
        session.flush()
        enqueue(kind, unsent.id, connection_id=connection_id, once=True)
        return unsent


def get(mail_id: uuid.UUID) -> Mail:
    """The email with this id. Raises NoResultFound; rows are never deleted."""
    return db.session.get_one(Mail, mail_id)


def cancel_queued(subject_id: uuid.UUID) -> None:
    """Cancel all emails about this subject that were not sent yet."""
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.subject_id == subject_id, Mail.state == MailState.QUEUED)
            .values(state=MailState.CANCELLED)
        )


def refuse(mail: Mail, reason: str) -> None:
    """Mark an email as refused: the server refused it for good, or all attempts failed."""
    with transaction() as session:
        fresh = session.scalars(select(Mail).where(Mail.id == mail.id)).one()
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.REFUSED
            fresh.problem = reason


def retry_failed() -> int:
    """Retry all emails whose work is dead; returns how many."""
    return retry_about(select(Mail.id))


def cancel(mail: Mail) -> None:
    """Cancel an email, unless it was sent already."""
    with transaction() as session:
        fresh = session.scalars(select(Mail).where(Mail.id == mail.id)).one()
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.CANCELLED
