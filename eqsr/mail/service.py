"""Mails: written down with their cause, composed and handed over by a worker.

SMTP has no exactly-once. The one window is between the server's 250 and our commit: a crash there
sends the mail again, with the same Message-ID, so that mail programs show one.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from email.errors import MessageError
from email.message import EmailMessage

from sqlalchemy import select

from eqsr.clock import now
from eqsr.db import db, release, transaction
from eqsr.extensions import settings
from eqsr.mail import smtp
from eqsr.mail.compose import Letter
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)


def queue(
    kind: str,
    subject_id: uuid.UUID,
    organisation_id: uuid.UUID,
    to_address: str,
    connection_id: uuid.UUID | None = None,
) -> Mail:
    """Write down a mail and the work of sending it, in the transaction of its cause.

    The worker's handler for ``kind`` gets the mail's id and calls ``deliver``.
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


def get(mail_id: uuid.UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def queued_within(span: timedelta, subject_id: uuid.UUID) -> bool:
    """A mail about this subject was written down that recently."""
    return bool(
        db.session.scalar(
            select(Mail.id).where(Mail.subject_id == subject_id, Mail.created_at > now() - span)
        )
    )


def deliver(mail: Mail, letter: Letter, accepted: Callable[[], None]) -> None:
    """Hand ``letter`` to the mail server and record it; ``accepted`` joins that transaction.

    Raises smtp.Refused (trying again can't help) and smtp.Away (it can). A mail that was accepted
    before is not sent again.
    """
    if mail.state is MailState.ACCEPTED:
        return
    release()
    smtp.send(settings, _message(letter, mail.to_address, mail.message_id))
    with transaction() as session:
        fresh = session.scalar(select(Mail).where(Mail.id == mail.id))
        fresh.state = MailState.ACCEPTED
        fresh.accepted_at = now()
        fresh.problem = None
        accepted()
    log.info("mail accepted", extra={"kind": mail.kind, "message_id": mail.message_id})


def refuse(mail: Mail, reason: str) -> None:
    """It will not be sent: the server said no for good, or we gave up."""
    with transaction() as session:
        fresh = session.scalar(select(Mail).where(Mail.id == mail.id))
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.REFUSED
            fresh.problem = reason


def cancel(mail: Mail) -> None:
    """It is no longer wanted."""
    with transaction() as session:
        fresh = session.scalar(select(Mail).where(Mail.id == mail.id))
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.CANCELLED


def send_now(letter: Letter, to_address: str) -> None:
    """Send while somebody waits for it. Raises smtp.Refused, smtp.Away."""
    release()
    message_id = smtp.new_message_id(settings.mail_from)
    smtp.send(settings, _message(letter, to_address, message_id))


def _message(letter: Letter, to_address: str, message_id: str) -> EmailMessage:
    try:
        return letter.message(settings.mail_from, to_address, message_id)
    except (ValueError, IndexError, MessageError):
        raise smtp.Refused("this address can't be written in a mail") from None
