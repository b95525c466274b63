"""Send an email to the mail server, and record that it was accepted.

SMTP has no exactly-once delivery. A crash between the server's 250 and our commit sends the email
again, with the same Message-ID, so that mail programs show it once.
"""

import logging
import time
import uuid
from collections.abc import Callable
from email.errors import MessageError
from email.message import EmailMessage

from eqsr.core.clock import now
from eqsr.core.db import end_read, transaction
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.extensions import settings
from eqsr.mail import pause_probes, restore_pause, retry_schedule, server_pause, smtp, smtp_errors
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail, MailState
from eqsr.outbox.handlers import Reschedule

log = logging.getLogger(__name__)
# Seconds between attempts to record that an email was accepted. This is the only place where a
# worker sleeps, because giving up would send the email again.
RECORDING_WAITS = (0.2, 0.5, 1, 2, 4, 8)


def deliver(mail: Mail, email: Email, accepted: Callable[[], None]) -> None:
    """Send ``email`` and record that it was accepted; does nothing if it was accepted before.

    An email that counts as sent after a restore is only recorded (mail.restore_pause).
    ``accepted``: called in the transaction that records it. Raises MailRefused (this recipient or
    content is refused for good), Reschedule (a later attempt may succeed, or sending is paused)
    and PermanentFailure after days of retries.
    """
    if mail.state in (MailState.ACCEPTED, MailState.BOUNCED):
        return
    mail_id, facts = mail.id, {"kind": mail.kind, "message_id": mail.message_id}
    to_address, message_id = mail.to_address, mail.message_id
    if restore_pause.counts_as_sent(mail):
        _record_accepted(mail_id, accepted, probe=False)
        log.info("mail counts as sent before the restore", extra=facts)
        return
    probes = server_pause.begin_try()
    end_read()
    try:
        smtp.send(settings, _message(email, to_address, message_id))
    except smtp_errors.Unwelcome as answer:
        server_pause.refused(mail_id, answer, probes)
        raise Reschedule(server_pause.MAX_WAIT, server_pause.WAITING_REASON) from None
    except smtp_errors.MailServerUnavailable as answer:
        if probes:
            pause_probes.answered()
        raise retry_schedule.retry_later(mail_id, answer) from None
    except smtp_errors.MailRefused:
        if probes:
            pause_probes.answered()
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


def send_now(email: Email, to_address: str) -> None:
    """Send an email during a request. Raises MailRefused, MailServerUnavailable."""
    end_read()
    message_id = smtp.new_message_id(settings.mail_from)
    try:
        smtp.send(settings, _message(email, to_address, message_id))
    except smtp_errors.Unwelcome as answer:
        server_pause.refused(None, answer)
        raise
    if server_pause.current() is not None:
        server_pause.email_accepted()


def _message(email: Email, to_address: str, message_id: str) -> EmailMessage:
    try:
        return email.message(settings.mail_from, to_address, message_id)
    except (ValueError, IndexError, MessageError):
        raise smtp_errors.MailRefused("this address can't be written in an email") from None
