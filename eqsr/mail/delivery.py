"""Deliver emails to users in the worker."""

import uuid
from collections.abc import Callable

from eqsr.mail import sending, service
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail
from eqsr.mail.smtp_errors import MailRefused


def deliver_email(
    mail: Mail, email: Email | None, accepted: Callable[[], None] = lambda: None
) -> None:
    """Send ``email``, or cancel the mail if it is None; store a refusal in the row.

    ``accepted``: called in the transaction that records the acceptance. Raises Reschedule, and
    PermanentFailure after days of retries.
    """
    if email is None:
        service.cancel(mail)
        return
    try:
        sending.deliver(mail, email, accepted)
    except MailRefused as refusal:
        service.refuse(mail, str(refusal))


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Record in the mail's row why it could not be sent after all attempts."""
    service.refuse(service.get(mail_id), reason)
