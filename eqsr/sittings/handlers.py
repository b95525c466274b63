"""The work and the scheduled tasks of sittings, and what an invitation's email asks of them."""

import uuid

from eqsr.invitations import emails as invitation_emails
from eqsr.mail import delivery
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every
from eqsr.sittings import emails, ending, rescoring, reuse

invitation_emails.earlier_result_told_by(reuse.is_offered)


@handles(WorkKind.RESCORE, attempts=8)
def rescore(sitting_id: uuid.UUID) -> None:
    """Score a sitting again."""
    rescoring.rescore(sitting_id)


@handles(WorkKind.END_BY_CLOCK, attempts=20)
def end_by_clock(invitation_id: uuid.UUID) -> None:
    """End an assessment whose time is over, and score what was given."""
    ending.end(invitation_id)


@handles(WorkKind.ENDED_MAIL, attempts=40, on_dead=delivery.on_dead)
def send_ended(mail_id: uuid.UUID) -> None:
    """Tell a candidate that the time ended, and what became of their answers."""
    emails.send_ended(mail_id)


@every(seconds=60)
def end_due() -> None:
    """End the assessments whose time is over."""
    ending.request_due()
