"""What the worker does for jobs."""

import uuid

from eqsr.jobs import emails, missing_stages
from eqsr.mail.delivery import gave_up
from eqsr.outbox.handlers import handles
from eqsr.outbox.schedule import every


@handles(missing_stages.KIND, attempts=40, gave_up=gave_up)
def send_notice(mail_id: uuid.UUID) -> None:
    emails.send(mail_id)


@every(seconds=30)
def tell_of_missing_stages() -> None:
    missing_stages.tell_news()
