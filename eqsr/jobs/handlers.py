"""What the worker does for jobs."""

import uuid

from eqsr.jobs import emails, missing_stages
from eqsr.mail.delivery import on_dead
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.STAGE_MISSING_MAIL, attempts=40, on_dead=on_dead)
def send_notice(mail_id: uuid.UUID) -> None:
    emails.send(mail_id)


@every(seconds=30)
def tell_of_missing_stages() -> None:
    missing_stages.notify_changes()
