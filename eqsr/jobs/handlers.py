"""Find watched stages that are missing in SmartRecruiters, and email about them."""

import uuid

from eqsr.jobs import emails, missing_stages, stopped_stages
from eqsr.mail.delivery import on_dead
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.STAGE_MISSING_MAIL, attempts=40, on_dead=on_dead)
def send_notice(mail_id: uuid.UUID) -> None:
    """Send one email about missing stages."""
    emails.send(mail_id)


@every(seconds=30)
def notify_missing_stages() -> None:
    """Record and announce stages and jobs that went missing or came back."""
    missing_stages.notify_changes()


@every(seconds=30)
def notify_stopped_stages() -> None:
    """Record and log stages whose SmartRecruiters job takes nobody any more."""
    stopped_stages.notify_stopped()
