"""Queue emails in the transaction of their cause, and send them in a worker.

SMTP has no exactly-once delivery. A crash between the server's 250 and our commit sends the email
again, with the same Message-ID, so that mail programs show it once.
"""

import logging
import time
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from email.errors import MessageError
from email.message import EmailMessage

from sqlalchemy import Select, func, select, update

from eqsr.core.clock import now
from eqsr.core.db import db, end_read, transaction
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.extensions import settings
from eqsr.mail import retry_schedule, server_pause, smtp
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import dead_about, enqueue, enqueue_stored, retry_about

log = logging.getLogger(__name__)

# Seconds between attempts to record that an email was accepted. This is the only place where a
# worker sleeps, because giving up would send the email again.
RECORDING_WAITS = (0.2, 0.5, 1, 2, 4, 8)

# Pauses before an email that was returned through no fault of the address is sent again.
RETURN_PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=3))


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


def latest_of(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Mail]:
    """The latest email about each of these subjects."""
    query = select(Mail).where(Mail.subject_id.in_(subject_ids)).order_by(Mail.created_at)
    return {mail.subject_id: mail for mail in db.session.scalars(query)}


def any_queued(mails: Iterable[Mail]) -> bool:
    """True if any of these emails was not sent yet."""
    return any(mail.state is MailState.QUEUED for mail in mails)


def queued_within(span: timedelta, subject_id: uuid.UUID, kind: WorkKind | None = None) -> bool:
    """True if an email about this subject (and of this kind) was queued in the last ``span``."""
    query = select(Mail.id).where(Mail.subject_id == subject_id, Mail.created_at > now() - span)
    return db.session.scalar(query.where(Mail.kind == kind) if kind else query) is not None


def addressed(subject_id: uuid.UUID, address: str) -> bool:
    """True if there is an email about this subject to this address, in any state."""
    query = select(Mail.id).where(Mail.subject_id == subject_id)
    query = query.where(func.lower(Mail.to_address) == address.lower())
    return db.session.scalar(query.limit(1)) is not None


def cancel_queued(subject_id: uuid.UUID) -> None:
    """Cancel all emails about this subject that were not sent yet."""
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.subject_id == subject_id, Mail.state == MailState.QUEUED)
            .values(state=MailState.CANCELLED)
        )


def deliver(mail: Mail, email: Email, accepted: Callable[[], None]) -> None:
    """Send ``email`` and record that it was accepted; does nothing if it was accepted before.

    ``accepted``: called in the transaction that records it. Raises MailRefused (this recipient or
    content is refused for good), Reschedule (a later attempt may succeed, or sending is paused)
    and PermanentFailure after days of retries.
    """
    if mail.state in (MailState.ACCEPTED, MailState.BOUNCED):
        return
    mail_id, facts = mail.id, {"kind": mail.kind, "message_id": mail.message_id}
    to_address, message_id = mail.to_address, mail.message_id
    probes = server_pause.begin_try()
    end_read()
    try:
        smtp.send(settings, _message(email, to_address, message_id))
    except smtp.Unwelcome as answer:
        server_pause.refused(mail_id, answer, probes)
        raise Reschedule(server_pause.MAX_WAIT, server_pause.WAITING_REASON) from None
    except smtp.MailServerUnavailable as answer:
        if probes:
            server_pause.answered()
        raise retry_schedule.retry_later(mail_id, answer) from None
    except smtp.MailRefused:
        if probes:
            server_pause.answered()
        raise
    for wait in (*RECORDING_WAITS, None):
        try:
            _record_accepted(mail_id, accepted, probes)
            break
        except Exception as error:
            if wait is None or not is_database_trouble(error):
                raise
            log.warning("accepted, but the database is away; trying again", extra=facts)
            time.sleep(wait)
    log.info("mail accepted", extra=facts)


def _record_accepted(mail_id: uuid.UUID, accepted: Callable[[], None], probe: bool) -> None:
    with transaction() as session:
        accepted()
        mail = session.get_one(Mail, mail_id, populate_existing=True)
        mail.state = MailState.ACCEPTED
        mail.accepted_at = now()
        mail.problem = mail.failing_since = None
        if probe:
            server_pause.email_accepted()


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


def unsent_about() -> Select[uuid.UUID]:
    """Select the subjects of all emails that were not sent yet."""
    return select(Mail.subject_id).where(Mail.state == MailState.QUEUED)


def given_up() -> int:
    """Number of emails whose work is dead."""
    return dead_about(select(Mail.id))


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


def came_back() -> tuple[int, str]:
    """Number of returned emails that are queued again, and the latest reason."""
    returned_ones = (Mail.state == MailState.QUEUED, Mail.refusals > 0, Mail.problem.is_not(None))
    count = select(func.count()).select_from(Mail).where(*returned_ones)
    number = db.session.execute(count).scalar_one()
    latest = select(Mail.problem).where(*returned_ones).order_by(Mail.accepted_at.desc()).limit(1)
    return number, db.session.scalar(latest) or ""


def cancel(mail: Mail) -> None:
    """Cancel an email, unless it was sent already."""
    with transaction() as session:
        fresh = session.scalars(select(Mail).where(Mail.id == mail.id)).one()
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.CANCELLED


def send_now(email: Email, to_address: str) -> None:
    """Send an email during a request. Raises MailRefused, MailServerUnavailable."""
    end_read()
    message_id = smtp.new_message_id(settings.mail_from)
    try:
        smtp.send(settings, _message(email, to_address, message_id))
    except smtp.Unwelcome as answer:
        server_pause.refused(None, answer)
        raise
    if server_pause.current() is not None:
        server_pause.email_accepted()


def _message(email: Email, to_address: str, message_id: str) -> EmailMessage:
    try:
        return email.message(settings.mail_from, to_address, message_id)
    except (ValueError, IndexError, MessageError):
        raise smtp.MailRefused("this address can't be written in an email") from None
