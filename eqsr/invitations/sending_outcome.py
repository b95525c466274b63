"""Recording whether the mail server accepted an invitation's email."""

import uuid

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service
from eqsr.invitations.models import InvitationState
from eqsr.mail import service as mail
from eqsr.mail.faults import Fault
from eqsr.mail.models import Mail
from eqsr.mail.smtp_errors import MailRefused

WAITING = (InvitationState.QUEUED, InvitationState.UNDELIVERABLE)


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Mark the invitation as undeliverable once every attempt to send the email has failed."""
    queued = db.session.get_one(Mail, mail_id)
    undeliverable(
        queued.subject_id, ActivityKind.MAIL_GAVE_UP, queued.to_address, reason, Fault.PASSING
    )


def accepted(invitation_id: uuid.UUID, email: str) -> None:
    """Record that the mail server accepted the email to this address."""
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.sent_at is None:
            invitation.sent_at = now()
            service.request_write_back(invitation)
        # If the address was corrected meanwhile, the email did not reach the candidate.
        if invitation.email == email:
            if invitation.state in WAITING:
                opened = invitation.opened_at is not None
                invitation.state = InvitationState.OPENED if opened else InvitationState.SENT
                invitation.sent_at = now()
            invitation.problem = invitation.fault = None
        service.log_activity(invitation, ActivityKind.MAIL_ACCEPTED, email=email)


def refused(queued: Mail, invitation_id: uuid.UUID, refusal: MailRefused) -> None:
    """Record that the mail server refused the email for good."""
    reason = str(refusal)
    with transaction():
        undeliverable(
            invitation_id, ActivityKind.MAIL_REFUSED, queued.to_address, reason, refusal.fault
        )
        mail.refuse(queued, reason)


def undeliverable(
    invitation_id: uuid.UUID, kind: ActivityKind, email: str, reason: str, fault: Fault
) -> None:
    """Record that no email reaches the candidate, and log it as ``kind``."""
    with transaction():
        invitation = service.locked(invitation_id)
        # If the address was corrected meanwhile, the failure says nothing about the new one.
        if invitation.email == email:
            if invitation.state is InvitationState.QUEUED:
                invitation.state = InvitationState.UNDELIVERABLE
            invitation.problem, invitation.fault = reason, fault.value
        service.log_activity(invitation, kind, email=email, reason=reason)
