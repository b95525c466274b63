"""Resending an undeliverable invitation once its address was corrected in SmartRecruiters."""

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.email_addresses import usable_address
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import queries as mail_queries
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind


def follow(invitation: Invitation, text: str | None) -> bool:
    """Send an undeliverable invitation to the profile's address ``text``, if that address is new.

    The email carries a new link, as the old link may be read at the old address. Each address is
    tried once, so a profile that still shows an address that failed, or that a person replaced
    here, changes nothing. Returns whether an email was queued. Joins the transaction.
    """
    address = usable_address(text)
    invitation = service.locked(invitation.id)
    undeliverable = invitation.state is InvitationState.UNDELIVERABLE
    if address is None or not undeliverable or invitation.expires_at <= now():
        return False
    if mail_queries.addressed(invitation.id, address):
        return False
    invitation.state, invitation.email = InvitationState.QUEUED, address
    invitation.problem = invitation.fault = None
    service.end_links(invitation)
    mail.cancel_queued(invitation.id)
    service.restart_time(invitation)
    mail.queue(WorkKind.INVITATION_AGAIN, invitation.id, invitation.organisation_id, address)
    service.log_activity(invitation, ActivityKind.ADDRESS_FOLLOWED, email=address)
    return True
