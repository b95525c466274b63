"""Sending the invitation's mail."""

import uuid
from datetime import timedelta

from eqsr.assessments.catalogue import assessment
from eqsr.clock import now
from eqsr.connections import service as connections
from eqsr.connections.clients import client_for, means_gone
from eqsr.db import transaction
from eqsr.invitations import service
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.ledger import service as ledger
from eqsr.mail import service as mail
from eqsr.mail.compose import Letter, letter
from eqsr.mail.models import Mail
from eqsr.mail.smtp import Refused
from eqsr.smartrecruiters.errors import NoAccess, NotFound
from eqsr.smartrecruiters.types import Stage

# A mail that had to wait longer than this is sent only if the person is still in the stage.
STALE = timedelta(minutes=15)

WAITING = (InvitationState.QUEUED, InvitationState.UNDELIVERABLE)


def send(mail_id: uuid.UUID) -> None:
    """Hand the mail over, once. Raises smtp.Away to be tried again later."""
    queued = mail.get(mail_id)
    invitation = service.get(queued.subject_id)
    by_hand = invitation.trigger is not Trigger.STAGE
    if not by_hand and invitation.state not in WAITING:
        mail.cancel(queued)
        return
    if not by_hand and now() - queued.created_at > STALE and _has_left(invitation):
        mail.cancel(queued)
        return
    try:
        mail.deliver(queued, compose(invitation), lambda: _accepted(invitation.id))
    except Refused as refusal:
        _refused(queued, invitation.id, str(refusal))


def compose(invitation: Invitation) -> Letter:
    job = invitation.job
    candidate = invitation.application.candidate
    chosen = assessment(job.assessment)
    organisation = job.organisation.name
    return letter(
        "invitation",
        sender_name=organisation,
        first_name=candidate.first_name,
        organisation_name=organisation,
        job_title=job.title,
        assessment_name=chosen.name,
        minutes=chosen.minutes,
        expires_at=invitation.expires_at,
        link_url=take_url(invitation),
    )


def gave_up(mail_id: uuid.UUID, reason: str) -> None:
    """Every try failed."""
    queued = mail.get(mail_id)
    _undeliverable(queued.subject_id, "mail_gave_up", queued.to_address, reason)


def _has_left(invitation: Invitation) -> bool:
    """True when the person is no longer in the stage; the invitation is called off then."""
    link = invitation.stage_link
    application = invitation.application
    client = client_for(connections.get(application.ats_job.connection_id))
    wanted = Stage(link.status, link.sub_status or None)
    try:
        seen = client.application(application.candidate.ats_id, application.ats_job.ats_id)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        service.call_off(invitation, "application_gone")
        return True
    if seen.stage == wanted:
        return False
    service.call_off(invitation, "left_stage", wanted=wanted.label, stage=seen.stage.label)
    return True


def _accepted(invitation_id: uuid.UUID) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.sent_at is None:
            invitation.sent_at = now()
        if invitation.state in WAITING:
            invitation.state = InvitationState.SENT
            invitation.problem = None
        _note(invitation, "mail_accepted", email=invitation.email)
        service.want_write_back(invitation)


def _refused(queued: Mail, invitation_id: uuid.UUID, reason: str) -> None:
    with transaction():
        _undeliverable(invitation_id, "mail_refused", queued.to_address, reason)
        mail.refuse(queued, reason)


def _undeliverable(invitation_id: uuid.UUID, kind: str, email: str, reason: str) -> None:
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.state is InvitationState.QUEUED:
            invitation.state = InvitationState.UNDELIVERABLE
        invitation.problem = reason
        _note(invitation, kind, email=email, reason=reason)


def _note(invitation: Invitation, kind: str, **facts: str) -> None:
    ledger.note(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
