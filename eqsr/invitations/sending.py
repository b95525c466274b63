"""Sending the invitation's mail."""

import uuid
from datetime import timedelta
from typing import Any

from eqsr.assessments.catalogue import assessment
from eqsr.clock import now
from eqsr.db import transaction
from eqsr.invitations import service
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.invitations.rereading import stage_now
from eqsr.mail import service as mail
from eqsr.mail.compose import Letter, letter
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp import Refused
from eqsr.platforms.choosing import offer_of
from eqsr.smartrecruiters.types import Stage

# A mail that had to wait longer than this is sent only if the person is still in the stage.
STALE = timedelta(minutes=15)

WAITING = (InvitationState.QUEUED, InvitationState.UNDELIVERABLE)
OPEN = (*service.BEFORE_START, InvitationState.STARTED)


def send(mail_id: uuid.UUID) -> None:
    """Hand the first mail over, once. Raises smtp.Away to be tried again later."""
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    if _unwanted(invitation):
        with transaction():
            # At this very moment it may be taken up again, with this mail.
            if _unwanted(service.locked(invitation.id)):
                mail.cancel(queued)
        return
    if invitation.trigger is Trigger.STAGE and now() - queued.created_at > STALE:
        if _has_left(queued, invitation):
            return
        invitation = service.give_full_time(invitation.id)
    _deliver(queued, invitation, "invitation")


def _unwanted(invitation: Invitation) -> bool:
    # Whoever comes by an open link once more gets the personal link again, however far they are.
    return invitation.trigger is not Trigger.LINK and invitation.state not in WAITING


def send_again(mail_id: uuid.UUID) -> None:
    """The same link once more, because a person asked for it. Raises smtp.Away."""
    _send_if_open(mail_id, "invitation")


def send_extension(mail_id: uuid.UUID) -> None:
    """Tell the candidate that there is more time. Raises smtp.Away."""
    _send_if_open(mail_id, "extension")


def _send_if_open(mail_id: uuid.UUID, name: str) -> None:
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    if invitation.state not in OPEN or queued.created_at < invitation.queued_at:
        mail.cancel(queued)
        return
    _deliver(queued, invitation, name)


def _deliver(queued: Mail, invitation: Invitation, name: str) -> None:
    if queued.state is MailState.CANCELLED:
        return
    invitation_id, email = invitation.id, queued.to_address
    try:
        mail.deliver(queued, compose(invitation, name), lambda: _accepted(invitation_id, email))
    except Refused as refusal:
        _refused(queued, invitation_id, str(refusal))


def compose(invitation: Invitation, name: str = "invitation", **more: Any) -> Letter:
    """The mail ``name`` for this invitation; ``more``: what only that template needs."""
    job = invitation.job
    candidate = invitation.application.candidate
    chosen = offer_of(job) or assessment(job.assessment)
    organisation = job.organisation.name
    return letter(
        name,
        sender_name=organisation,
        first_name=candidate.first_name,
        organisation_name=organisation,
        job_title=job.title,
        assessment_name=chosen.name,
        minutes=chosen.minutes,
        expires_at=invitation.expires_at,
        link_url=take_url(invitation),
        **more,
    )


def gave_up(mail_id: uuid.UUID, reason: str) -> None:
    """Every try failed."""
    queued = mail.get(mail_id)
    _undeliverable(queued.subject_id, "mail_gave_up", queued.to_address, reason)


def _has_left(queued: Mail, invitation: Invitation) -> bool:
    """True when the person is no longer in the stage; invitation and mail are called off then."""
    link = invitation.stage_link
    wanted = Stage(link.status, link.sub_status or None)
    seen = stage_now(invitation)
    if seen == wanted:
        return False
    with transaction():
        if seen is None:
            service.call_off(invitation, "application_gone")
        else:
            service.call_off(invitation, "left_stage", wanted=wanted.label, stage=seen.label)
        mail.cancel(queued)
    return True


def _accepted(invitation_id: uuid.UUID, email: str) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.sent_at is None:
            invitation.sent_at = now()
            service.want_write_back(invitation)
        if invitation.state in WAITING:
            invitation.state = InvitationState.SENT
            invitation.problem = None
        service.note(invitation, "mail_accepted", email=email)


def _refused(queued: Mail, invitation_id: uuid.UUID, reason: str) -> None:
    with transaction():
        _undeliverable(invitation_id, "mail_refused", queued.to_address, reason)
        mail.refuse(queued, reason)


def _undeliverable(invitation_id: uuid.UUID, kind: str, email: str, reason: str) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        # An address that was corrected meanwhile is not to blame for what the old one did.
        if invitation.email == email:
            if invitation.state is InvitationState.QUEUED:
                invitation.state = InvitationState.UNDELIVERABLE
            invitation.problem = reason
        service.note(invitation, kind, email=email, reason=reason)
