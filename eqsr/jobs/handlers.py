"""What the worker does for jobs."""

import uuid

from eqsr.jobs import missing, notices
from eqsr.mail.telling import gave_up
from eqsr.outbox.handlers import handles
from eqsr.outbox.schedule import every


@handles(missing.KIND, attempts=40, gave_up=gave_up)
def send_notice(mail_id: uuid.UUID) -> None:
    notices.send(mail_id)


@every(seconds=30)
def tell_of_missing_stages() -> None:
    missing.tell_news()
