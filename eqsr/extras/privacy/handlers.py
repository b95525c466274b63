"""What the worker does for erasing."""

import uuid

from eqsr.extras.privacy import emails, service
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.ERASURE_MAIL, attempts=40, on_dead=emails.on_dead)
def send_done(mail_id: uuid.UUID) -> None:
    emails.send(mail_id)


# More often than daily, for a day ends at another hour in each time zone.
@every(seconds=3600)
def erase_over() -> None:
    service.erase_over()


@every(seconds=3600)
def forget_addresses() -> None:
    emails.forget_old()
