"""Mails to people who use the product: composed by the worker, tried again, and given up."""

from collections.abc import Callable

from eqsr.mail import service
from eqsr.mail.compose import Email
from eqsr.mail.models import Mail
from eqsr.mail.smtp import MailRefused


def deliver_email(
    mail: Mail, letter: Email | None, accepted: Callable[[], None] = lambda: None
) -> None:
    """Send it; without a letter nobody wants it any more. Raises Reschedule, and
    PermanentFailure after days of trying."""
    if letter is None:
        service.cancel(mail)
        return
    try:
        service.deliver(mail, letter, accepted)
    except MailRefused as refusal:
        service.refuse(mail, str(refusal))


def on_dead(mail_id, reason: str) -> None:
    """Every try failed; whoever looks at the mail's row reads why."""
    service.refuse(service.get(mail_id), reason)
