"""The email to a candidate whose assessment was ended by the clock."""

import uuid

from flask_babel import force_locale

from eqsr.invitations import emails, sending
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.mail.compose import Email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import MailState
from eqsr.sittings.missing import missing_of


def send_ended(mail_id: uuid.UUID) -> None:
    """Send it, unless the candidate was given time again. Raises Reschedule, PermanentFailure."""
    queued, invitation = sending.queued_email(mail_id)
    if not invitation.ended_by_clock or invitation.result_at is None or invitation.erased:
        mail.cancel(queued)
        return
    if queued.state is MailState.CANCELLED or sending.misdirected(queued):
        return
    deliver_email(queued, compose(invitation))


def compose(invitation: Invitation) -> Email:
    """Say what became of the answers, what is missing, and whom to ask for time."""
    with force_locale(mail_language(invitation.job)):
        missing = missing_of(invitation)
    partly = invitation.state is InvitationState.PARTLY_COMPLETED
    return emails.compose(invitation, "ended", partly=partly, missing=missing)
