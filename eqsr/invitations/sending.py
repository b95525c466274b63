"""Sending an invitation's emails."""

import uuid
from datetime import timedelta
from typing import Any

from eqsr.activity.kinds import ActivityKind
from eqsr.connections.job_status import read_again, why_stopped
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_
from eqsr.duplicates import holding
from eqsr.invitations import candidate_refresh, job_obstacles, service
from eqsr.invitations.current_stage import stage_now
from eqsr.invitations.emails import compose
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.invitations.sending_outcome import WAITING, accepted, refused
from eqsr.mail import sending as mail_sending
from eqsr.mail import service as mail
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp_errors import MailRefused
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.types.stages import Stage

# An email that waited longer than this is sent only if the candidate is still in the stage.
LATE_EMAIL = timedelta(minutes=15)
# While a candidate looks gone, an email that is younger waits for the events that tell why.
SETTLING = timedelta(minutes=10)
LOOK_AGAIN_SECONDS = 30.0
CANDIDATE_GONE = N_("the candidate is no longer in SmartRecruiters")
SENDABLE = (*service.BEFORE_START, InvitationState.STARTED)


def queued_email(mail_id: uuid.UUID) -> tuple[Mail, Invitation]:
    """The email and the invitation that it is about, read afresh."""
    queued = db.session.get_one(Mail, mail_id)
    return queued, service.load(queued.subject_id)


def send(mail_id: uuid.UUID) -> None:
    """Send the first email, once. Raises Reschedule, and PermanentFailure after days of trying."""
    queued, invitation = queued_email(mail_id)
    if _unwanted(invitation):
        with transaction():
            # Checked again under the lock, as the invitation may just have been queued again.
            if _unwanted(service.locked(invitation.id)):
                mail.cancel(queued)
        return
    if invitation.trigger is not Trigger.LINK and (
        why := job_obstacles.obstacle(invitation) or job_obstacles.stage_obstacle(invitation)
    ):
        _call_off(queued, invitation, why)
        return
    late = now() - queued.created_at > LATE_EMAIL
    # Somebody who was held may have been moved on long before a person decided.
    if (
        invitation.trigger is Trigger.STAGE
        and (late or holding.was_held(invitation.stage_link_id, invitation.application_id))
        and _has_left(queued, invitation)
    ):
        return
    if invitation.trigger is not Trigger.LINK and late:
        invitation = service.give_full_time(invitation.id)
    _deliver(queued, invitation, "invitation")


def _call_off(queued: Mail, invitation: Invitation, why: str) -> None:
    """Cancel an invitation that was not sent yet; a move found later can queue it again."""
    with transaction():
        service.cancel_obsolete(invitation, ActivityKind.JOB_TAKES_NOBODY, why=why)
        mail.cancel(queued)


def _unwanted(invitation: Invitation) -> bool:
    # Signing up again by an open link sends the personal link again, whatever the state.
    return invitation.trigger is not Trigger.LINK and invitation.state not in WAITING


def send_again(mail_id: uuid.UUID) -> None:
    """Send the link once more, as a user asked. Raises Reschedule and PermanentFailure."""
    _send_if_open(mail_id, "invitation")


def send_extension(mail_id: uuid.UUID) -> None:
    """Tell the candidate the extended deadline. Raises Reschedule and PermanentFailure."""
    _send_if_open(mail_id, "extension")


def send_new_link(mail_id: uuid.UUID) -> None:
    """Send the link that replaced all earlier ones. Raises Reschedule and PermanentFailure."""
    queued, invitation = queued_email(mail_id)
    finished = invitation.result_at is not None
    if invitation.state not in SENDABLE and not finished:
        mail.cancel(queued)
        return
    if withheld(queued, invitation):
        return
    _deliver(queued, invitation, "new_link", finished=finished)


def _send_if_open(mail_id: uuid.UUID, name: str) -> None:
    queued, invitation = queued_email(mail_id)
    if invitation.state not in SENDABLE:
        mail.cancel(queued)
        return
    if withheld(queued, invitation):
        return
    _deliver(queued, invitation, name)


def misdirected(queued: Mail) -> bool:
    """Cancel an email to an address that is no longer the invitation's; return whether it was one.

    The email would carry the current link, which only the reader of the current address may have.
    Call it before composing, as it also reads the invitation afresh.
    """
    with transaction() as session:
        invitation = service.locked(queued.subject_id)
        session.refresh(queued)
        if queued.to_address.lower() == invitation.email.lower():
            return False
        mail.cancel(queued)
        return True


def withheld(queued: Mail, invitation: Invitation) -> bool:
    """Cancel and log an email about a position that is no longer open; return whether it was one.

    A candidate who has started may finish, so their emails go out.
    """
    ats_job = invitation.application.ats_job
    if invitation.started_at is not None or ats_job is None:
        return False
    ats_job = read_again(ats_job)
    if not ats_job.over:
        return False
    with transaction():
        mail.cancel(queued)
        service.log_activity(invitation, ActivityKind.EMAIL_POINTLESS, why=why_stopped(ats_job))
    return True


def reread(queued: Mail, invitation: Invitation) -> bool:
    """Read the candidate again before composing; False if the email is not to be sent.

    A candidate who is gone was deleted or merged. SmartRecruiters' events tell which, so the email
    waits for them, and is cancelled if none comes, together with an invitation that was not
    started. Raises Reschedule.
    """
    deleted = invitation.application.candidate.removed_at is not None
    if not deleted:
        if candidate_refresh.before_use(invitation.application):
            return True
        if now() - queued.created_at < SETTLING:
            raise Reschedule(LOOK_AGAIN_SECONDS, "the candidate looks gone")
    with transaction():
        mail.cancel(queued)
        if invitation.state in service.BEFORE_START:
            service.cancel_obsolete(invitation, ActivityKind.CANDIDATE_GONE)
        else:
            service.log_activity(invitation, ActivityKind.EMAIL_POINTLESS, why=CANDIDATE_GONE)
    return False


def _deliver(queued: Mail, invitation: Invitation, name: str, **more: Any) -> None:
    if not reread(queued, invitation) or misdirected(queued) or queued.state is MailState.CANCELLED:
        return
    invitation_id, email = invitation.id, queued.to_address
    email_now = compose(invitation, name, **more)
    try:
        mail_sending.deliver(queued, email_now, lambda: accepted(invitation_id, email))
    except MailRefused as refusal:
        refused(queued, invitation_id, refusal)


def _has_left(queued: Mail, invitation: Invitation) -> bool:
    """Whether the candidate is no longer in the stage; if so, cancel the invitation and email."""
    link = invitation.stage_link
    if link is None:
        return False
    wanted = Stage(link.status, link.sub_status or None)
    seen = stage_now(invitation)
    if seen == wanted:
        return False
    with transaction():
        if seen is None:
            service.cancel_obsolete(invitation, ActivityKind.APPLICATION_GONE)
        else:
            service.cancel_obsolete(
                invitation, ActivityKind.LEFT_STAGE, wanted=wanted.label, stage=seen.label
            )
        mail.cancel(queued)
    return True
