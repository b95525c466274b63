"""Sending an invitation's emails, and recording whether the mail server accepted them."""

import uuid
from datetime import timedelta
from typing import Any

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service
from eqsr.invitations.current_stage import stage_now
from eqsr.invitations.emails import compose
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.mail import service as mail
from eqsr.mail.faults import Fault
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp import MailRefused
from eqsr.smartrecruiters.types.stages import Stage

# An email that waited longer than this is sent only if the candidate is still in the stage.
LATE_EMAIL = timedelta(minutes=15)

WAITING = (InvitationState.QUEUED, InvitationState.UNDELIVERABLE)
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
    if invitation.trigger is not Trigger.LINK and now() - queued.created_at > LATE_EMAIL:
        if invitation.trigger is Trigger.STAGE and _has_left(queued, invitation):
            return
        invitation = service.give_full_time(invitation.id)
    _deliver(queued, invitation, "invitation")


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
    finished = invitation.state is InvitationState.COMPLETED
    if invitation.state not in SENDABLE and not finished:
        mail.cancel(queued)
        return
    _deliver(queued, invitation, "new_link", finished=finished)


def _send_if_open(mail_id: uuid.UUID, name: str) -> None:
    queued, invitation = queued_email(mail_id)
    if invitation.state not in SENDABLE or queued.created_at < invitation.queued_at:
        mail.cancel(queued)
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


def _deliver(queued: Mail, invitation: Invitation, name: str, **more: Any) -> None:
    if misdirected(queued) or queued.state is MailState.CANCELLED:
        return
    invitation_id, email = invitation.id, queued.to_address
    email_now = compose(invitation, name, **more)
    try:
        mail.deliver(queued, email_now, lambda: _accepted(invitation_id, email))
    except MailRefused as refusal:
        _refused(queued, invitation_id, refusal)


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Mark the invitation as undeliverable once every attempt to send the email has failed."""
    queued = db.session.get_one(Mail, mail_id)
    _undeliverable(
        queued.subject_id, ActivityKind.MAIL_GAVE_UP, queued.to_address, reason, Fault.PASSING
    )


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


def _accepted(invitation_id: uuid.UUID, email: str) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.sent_at is None:
            invitation.sent_at = now()
            service.request_write_back(invitation)
        # If the address was corrected meanwhile, the email did not reach the candidate.
        if invitation.email == email:
            if invitation.state in WAITING:
                invitation.state = InvitationState.SENT
                invitation.sent_at = now()
            invitation.problem = invitation.fault = None
        service.log_activity(invitation, ActivityKind.MAIL_ACCEPTED, email=email)


def _refused(queued: Mail, invitation_id: uuid.UUID, refusal: MailRefused) -> None:
    reason = str(refusal)
    with transaction():
        _undeliverable(
            invitation_id, ActivityKind.MAIL_REFUSED, queued.to_address, reason, refusal.fault
        )
        mail.refuse(queued, reason)


def _undeliverable(
    invitation_id: uuid.UUID, kind: ActivityKind, email: str, reason: str, fault: Fault
) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        # If the address was corrected meanwhile, the failure says nothing about the new one.
        if invitation.email == email:
            if invitation.state is InvitationState.QUEUED:
                invitation.state = InvitationState.UNDELIVERABLE
            invitation.problem, invitation.fault = reason, fault.value
        service.log_activity(invitation, kind, email=email, reason=reason)
