"""Sending a reminder if it still makes sense, and stopping reminders.

Reminders are sent only in working hours where the candidate lives (working_hours). Before one is
sent, the application is read again, and the reminder is dropped if it has become pointless.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import emails, job_obstacles, sending, service
from eqsr.invitations.current_stage import out_of_place
from eqsr.invitations.links import reminders_url
from eqsr.invitations.models import Invitation, InvitationState, Reminder
from eqsr.invitations.reminder_times import BEFORE_THE_END
from eqsr.invitations.working_hours import working_hour
from eqsr.mail import sending as mail_sending
from eqsr.mail import service as mail
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp_errors import MailRefused
from eqsr.outbox.handlers import Reschedule

# States in which the candidate has the invitation but has not started.
REMINDABLE = (InvitationState.SENT, InvitationState.OPENED)
# A reminder that could not be sent for this long is dropped. A mail server may be down over a long
# weekend, so it is not less.
TOO_OLD = timedelta(days=5)
LOOK_AGAIN_SECONDS = 15 * 60.0


def send(mail_id: uuid.UUID) -> None:
    """Send a reminder if it still makes sense, else cancel it.

    Raises Reschedule outside working hours, SmartRecruitersError if the application can't be read
    now, and PermanentFailure after days of trying.
    """
    queued, invitation = sending.queued_email(mail_id)
    if queued.state is not MailState.QUEUED:
        return
    too_old = now() - queued.created_at > TOO_OLD
    if too_old or not wanted(invitation, now()):
        mail.cancel(queued)
        return
    country = invitation.application.candidate.country
    if not working_hour(now(), country, invitation.job.organisation.time_zone):
        raise Reschedule(LOOK_AGAIN_SECONDS, "it is not a working hour")
    if why := job_obstacles.obstacle(invitation):
        with transaction():
            mail.cancel(queued)
            service.log_activity(invitation, ActivityKind.EMAIL_POINTLESS, why=why)
        return
    if out_of_place(invitation):
        mail.cancel(queued)
        return
    _deliver(queued, invitation)


def deadline_extended(invitation: Invitation) -> None:
    """Allow another reminder before the new deadline. Joins the transaction."""
    before_the_end = Reminder.number == BEFORE_THE_END
    db.session.execute(
        delete(Reminder).where(Reminder.invitation_id == invitation.id, before_the_end)
    )


def stop(invitation_id: uuid.UUID) -> None:
    """Stop the reminders of this invitation, as the candidate asked. Repeating it is harmless."""
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.reminders_stopped_at is None:
            invitation.reminders_stopped_at = now()
            service.log_activity(invitation, ActivityKind.REMINDERS_STOPPED)


def wanted(invitation: Invitation, moment: datetime) -> bool:
    """Whether a reminder at this moment would still make sense for the invitation."""
    waits = invitation.state in REMINDABLE and invitation.expires_at > moment
    here = invitation.application.candidate.removed_at is None
    return waits and here and invitation.reminders_stopped_at is None


def _deliver(queued: Mail, invitation: Invitation) -> None:
    if not sending.reread(queued, invitation) or sending.misdirected(queued):
        return
    invitation_id, email = invitation.id, queued.to_address
    stop_url = reminders_url(invitation)
    email_now = emails.compose(invitation, "reminder", unsubscribe_url=stop_url)
    try:
        mail_sending.deliver(
            queued, email_now, lambda: _log(invitation_id, ActivityKind.REMINDED, email=email)
        )
    except MailRefused as refusal:
        with transaction():
            mail.refuse(queued, str(refusal))
            _log(invitation_id, ActivityKind.REMINDER_REFUSED, email=email, reason=str(refusal))


def _log(invitation_id: uuid.UUID, kind: ActivityKind, **facts: str) -> None:
    with transaction():
        service.log_activity(service.locked(invitation_id), kind, **facts)
