"""Record that an email came back after the mail server had accepted it."""

import logging
from datetime import timedelta

from sqlalchemy import func, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.service import enqueue_stored

log = logging.getLogger(__name__)
# Pauses before an email that was returned through no fault of the address is sent again.
RETURN_PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=3))


def by_message_id(message_id: str) -> Mail | None:
    """The email with this Message-ID, or None."""
    return db.session.scalar(select(Mail).where(Mail.message_id == message_id))


def bounced(mail: Mail, reason: str) -> bool:
    """Mark an email as bounced; False if it already was."""
    with transaction() as session:
        fresh = session.get_one(Mail, mail.id, populate_existing=True, with_for_update=True)
        if fresh.state is MailState.BOUNCED:
            return False
        fresh.state = MailState.BOUNCED
        fresh.problem = reason
        return True


def returned(mail: Mail, reason: str) -> bool:
    """Queue a returned email again, because the address is not to blame; pauses grow each time.

    False if it was returned too often, or if this was recorded already.
    """
    with transaction() as session:
        fresh = session.get_one(Mail, mail.id, populate_existing=True, with_for_update=True)
        if fresh.state is not MailState.ACCEPTED or fresh.refusals >= len(RETURN_PAUSES):
            return False
        fresh.state, fresh.problem = MailState.QUEUED, reason
        due = now() + RETURN_PAUSES[fresh.refusals]
        fresh.refusals += 1
        enqueue_stored(fresh.kind, fresh.id, due)
        log.error("an email was returned for a reason on our side: %s", reason)
        return True


def returned_emails() -> tuple[int, str]:
    """Number of returned emails that are queued again, and the latest reason."""
    returned_ones = (Mail.state == MailState.QUEUED, Mail.refusals > 0, Mail.problem.is_not(None))
    count = select(func.count()).select_from(Mail).where(*returned_ones)
    number = db.session.execute(count).scalar_one()
    latest = select(Mail.problem).where(*returned_ones).order_by(Mail.accepted_at.desc()).limit(1)
    return number, db.session.scalar(latest) or ""
