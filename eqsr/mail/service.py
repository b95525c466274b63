"""Mails: written down with their cause, composed and handed over by a worker.

SMTP has no exactly-once. The one window is between the server's 250 and our commit: a crash there
sends the mail again, with the same Message-ID, so that mail programs show one.
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
from eqsr.core.db import db, end_read, is_database_trouble, transaction
from eqsr.core.extensions import settings
from eqsr.mail import retry_schedule, server_pause, smtp
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import dead_about, enqueue, enqueue_stored, retry_about

log = logging.getLogger(__name__)

# Seconds between tries to record that a mail was accepted. It is the one place where a worker
# waits: giving up would send the mail again.
RECORDING_WAITS = (0.2, 0.5, 1, 2, 4, 8)

# Before a mail that a stranger's server refused for our sake goes out again.
RETURN_PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=3))


def queue(
    kind: WorkKind,
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


def queue_one(
    kind: WorkKind,
    subject_id: uuid.UUID,
    organisation_id: uuid.UUID,
    to_address: str,
    connection_id: uuid.UUID | None = None,
) -> Mail:
    """Like ``queue``, but a mail about this subject that did not leave is taken up again instead
    of having a second one beside it: even if both got away, they would be one Message-ID."""
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


def get(mail_id: uuid.UUID) -> Mail | None:
    return db.session.get(Mail, mail_id)


def latest_of(subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Mail]:
    """The last mail about each of these subjects."""
    query = select(Mail).where(Mail.subject_id.in_(subject_ids)).order_by(Mail.created_at)
    return {mail.subject_id: mail for mail in db.session.scalars(query)}


def any_queued(mails: Iterable[Mail]) -> bool:
    """One of them has not left yet."""
    return any(mail.state is MailState.QUEUED for mail in mails)


def queued_within(span: timedelta, subject_id: uuid.UUID, kind: WorkKind | None = None) -> bool:
    """A mail about this subject (of this kind, if one is named) was written down that recently."""
    query = select(Mail.id).where(Mail.subject_id == subject_id, Mail.created_at > now() - span)
    return db.session.scalar(query.where(Mail.kind == kind) if kind else query) is not None


def addressed(subject_id: uuid.UUID, address: str) -> bool:
    """A mail about this subject was written to that address before."""
    query = select(Mail.id).where(Mail.subject_id == subject_id)
    query = query.where(func.lower(Mail.to_address) == address.lower())
    return db.session.scalar(query.limit(1)) is not None


def cancel_queued(subject_id: uuid.UUID) -> None:
    """No mail about this subject that has not left yet is wanted any more."""
    with transaction() as session:
        session.execute(
            update(Mail)
            .where(Mail.subject_id == subject_id, Mail.state == MailState.QUEUED)
            .values(state=MailState.CANCELLED)
        )


def deliver(mail: Mail, letter: Email, accepted: Callable[[], None]) -> None:
    """Hand ``letter`` to the mail server and record it; ``accepted`` joins that transaction.

    Raises smtp.Refused (for this recipient or content, trying again can't help), Reschedule (it
    can, or the server wants none of our mail for now) and PermanentFailure after days of trying. A
    mail that was accepted before is not sent again.
    """
    if mail.state in (MailState.ACCEPTED, MailState.BOUNCED):
        return
    mail_id, facts = mail.id, {"kind": mail.kind, "message_id": mail.message_id}
    to_address, message_id = mail.to_address, mail.message_id
    probes = server_pause.begin_try()
    end_read()
    try:
        smtp.send(settings, _message(letter, to_address, message_id))
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
    """It will not be sent: the server said no for good, or we gave up."""
    with transaction() as session:
        fresh = session.scalar(select(Mail).where(Mail.id == mail.id))
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.REFUSED
            fresh.problem = reason


def retry_failed() -> int:
    """Mails that were given up are tried again; how many."""
    return retry_about(select(Mail.id))


def unsent_about() -> Select:
    """What mails that have not left are about."""
    return select(Mail.subject_id).where(Mail.state == MailState.QUEUED)


def given_up() -> int:
    """How many mails were given up."""
    return dead_about(select(Mail.id))


def by_message_id(message_id: str) -> Mail | None:
    return db.session.scalar(select(Mail).where(Mail.message_id == message_id))


def bounced(mail: Mail, reason: str) -> bool:
    """It came back for good. False when that is known already."""
    with transaction() as session:
        fresh = session.get_one(Mail, mail.id, populate_existing=True, with_for_update=True)
        if fresh.state is MailState.BOUNCED:
            return False
        fresh.state = MailState.BOUNCED
        fresh.problem = reason
        return True


def returned(mail: Mail, reason: str) -> bool:
    """It came back, and not for its recipient's sake: write down that it goes out again, after a
    pause that grows each time. False when it has had its tries, or is known to be back."""
    with transaction() as session:
        fresh = session.get_one(Mail, mail.id, populate_existing=True, with_for_update=True)
        if fresh.state is not MailState.ACCEPTED or fresh.refusals >= len(RETURN_PAUSES):
            return False
        fresh.state, fresh.problem = MailState.QUEUED, reason
        due = now() + RETURN_PAUSES[fresh.refusals]
        fresh.refusals += 1
        enqueue_stored(fresh.kind, fresh.id, due)
        log.error("a mail came back for a reason that is ours: %s", reason)
        return True


def came_back() -> tuple[int, str]:
    """How many mails go out again because they came back for a reason that is ours; and the
    latest reason."""
    back = (Mail.state == MailState.QUEUED, Mail.refusals > 0, Mail.problem.is_not(None))
    number = db.session.scalar(select(func.count()).select_from(Mail).where(*back))
    latest = select(Mail.problem).where(*back).order_by(Mail.accepted_at.desc()).limit(1)
    return number, db.session.scalar(latest) or ""


def cancel(mail: Mail) -> None:
    """It is no longer wanted."""
    with transaction() as session:
        fresh = session.scalar(select(Mail).where(Mail.id == mail.id))
        if fresh.state is MailState.QUEUED:
            fresh.state = MailState.CANCELLED


def send_now(letter: Email, to_address: str) -> None:
    """Send while somebody waits for it. Raises smtp.Refused, smtp.Away."""
    end_read()
    message_id = smtp.new_message_id(settings.mail_from)
    try:
        smtp.send(settings, _message(letter, to_address, message_id))
    except smtp.Unwelcome as answer:
        server_pause.refused(None, answer)
        raise
    if server_pause.current() is not None:
        server_pause.email_accepted()


def _message(letter: Email, to_address: str, message_id: str) -> EmailMessage:
    try:
        return letter.message(settings.mail_from, to_address, message_id)
    except (ValueError, IndexError, MessageError):
        raise smtp.MailRefused("this address can't be written in an email") from None
