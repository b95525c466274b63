"""Worker tasks for erasing results."""

import uuid

from eqsr.extras.privacy import emails, scheduled_erasure
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.ERASURE_MAIL, attempts=40, on_dead=emails.on_dead)
def send_done(mail_id: uuid.UUID) -> None:
    """Send the email that confirms an erasure."""
    emails.send(mail_id)


# Hourly, because the day ends at a different hour in each time zone.
@every(seconds=3600)
def erase_over() -> None:
    """Erase results whose retention period has ended."""
    scheduled_erasure.erase_over()


@every(seconds=3600)
def forget_addresses() -> None:
    """Erase the addresses of confirmations that could not be sent in time."""
    emails.forget_old()
