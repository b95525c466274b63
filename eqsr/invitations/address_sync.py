"""Sending an invitation to an address that was corrected in SmartRecruiters."""

from sqlalchemy import exists, select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.email_addresses import usable_address
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import queries as mail_queries
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind


def is_new(invitation: Invitation, text: str | None) -> bool:
    """Whether ``text`` is an address to which this invitation should go instead.

    The candidate has not started, there is time left, and the address was never tried: a profile
    that still shows one that failed, or that a person replaced here, changes nothing. Nor does the
    other address of a profile that took over by a merge: nobody corrected one, and the link works.
    """
    address = usable_address(text)
    waits = invitation.state in service.BEFORE_START and not invitation.erased
    if address is None or not waits or invitation.expires_at <= now():
        return False
    same = address.lower() == invitation.email.lower()
    return not (same or mail_queries.addressed(invitation.id, address) or _was_merged(invitation))


def _was_merged(invitation: Invitation) -> bool:
    """Whether the invitation came to its candidate by a merge of profiles."""
    profile = invitation.application.candidate_id
    taken_over = exists().where(
        Candidate.merged_into_id == profile, Candidate.merged_at >= invitation.queued_at
    )
    return bool(db.session.scalar(select(taken_over)))


def follow(invitation: Invitation, text: str | None) -> bool:
    """Send the invitation to the profile's address ``text``, if it is new (see is_new).

    The email carries a new link, as the old link may be read at the old address. Returns whether
    an email was queued. Joins the transaction.
    """
    invitation = service.locked(invitation.id)
    address = usable_address(text)
    if address is None or not is_new(invitation, address):
        return False
    invitation.state, invitation.email = InvitationState.QUEUED, address
    invitation.problem = invitation.fault = None
    service.end_links(invitation)
    mail.cancel_queued(invitation.id)
    service.restart_time(invitation)
    mail.queue(WorkKind.INVITATION_AGAIN, invitation.id, invitation.organisation_id, address)
    service.log_activity(invitation, ActivityKind.ADDRESS_FOLLOWED, email=address)
    return True
