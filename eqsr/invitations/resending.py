"""Sending an invitation's link once more, to the same or to a corrected address."""

from datetime import timedelta

from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import transaction
from eqsr.core.email_addresses import checked_address
from eqsr.core.messages import N_, UserError
from eqsr.invitations import service
from eqsr.invitations.management import Actor, queue_email, record, require_state
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.invitations.possible_actions import CANCELLABLE, dead_end, link_works
from eqsr.mail import queries as mail_queries
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState
# Asking to send the same email again within this time counts as one request.
RESEND_INTERVAL = timedelta(minutes=1)


def resend(invitation: Invitation, actor: Actor) -> bool:
    """Send the same link once more. Raises UserError if the link can't be used any more."""
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.QUEUED:
            return False
        require_state(
            invitation, CANCELLABLE, N_("The link can't be used any more, so it is not sent again.")
        )
        if nowhere := dead_end(invitation):
            raise UserError(nowhere)
        if not link_works(invitation):
            raise UserError("The time for this invitation is over. Extend it instead.")
        if mail_queries.queued_within(RESEND_INTERVAL, invitation.id, WorkKind.INVITATION_AGAIN):
            return False
        queue_email(invitation, WorkKind.INVITATION_AGAIN)
        record(invitation, ActivityKind.INVITATION_RESENT, actor, email=invitation.email)
        return True


def correct_address(invitation: Invitation, text: str, actor: Actor) -> bool:
    """Send a new link to another address and end the old one.

    Raises UserError if the address can't be used, or the invitation is over.
    """
    address = checked_address(text)
    with transaction():
        invitation = service.locked(invitation.id)
        require_state(
            invitation, CANCELLABLE, N_("The link can't be used any more, so the address stays.")
        )
        if nowhere := dead_end(invitation):
            raise UserError(nowhere)
        if address == invitation.email:
            return resend(invitation, actor)
        before, invitation.email = invitation.email, address
        invitation.problem = invitation.fault = None
        if invitation.state in service.BEFORE_START:
            invitation.state = State.QUEUED
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        queue_email(invitation, WorkKind.INVITATION_AGAIN)
        record(invitation, ActivityKind.ADDRESS_CORRECTED, actor, before=before, email=address)
        return True
