"""Making a new personal link by hand, which ends every earlier one."""

from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.invitations import service
from eqsr.invitations.management import Actor
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.invitations.possible_actions import CANCELLABLE, DELETED, dead_end, link_works
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState


def renewable(invitation: Invitation) -> bool:
    """Whether a new link would lead anywhere: to the assessment, or to the candidate's result."""
    nowhere = dead_end(invitation)
    if invitation.result_at is not None:
        shown_until = invitation.result_at + service.RESULT_SHOWN_FOR
        return now() < shown_until and not invitation.erased and nowhere != DELETED
    return invitation.state in CANCELLABLE and not nowhere and link_works(invitation)


def issue(invitation: Invitation, generation: int, actor: Actor) -> bool:
    """Email a new link; answers and progress stay.

    ``generation`` is that of the link to end. If that link has ended already, return False and
    change nothing, so that a double click makes one link. Raises UserError if a new link would
    lead nowhere.
    """
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.link_generation > generation:
            return False
        if not renewable(invitation):
            if nowhere := dead_end(invitation):
                raise UserError(nowhere)
            raise UserError("The link leads nowhere any more, so there is no new one.")
        service.end_links(invitation)
        _send(invitation)
        service.log_activity(invitation, ActivityKind.LINK_RENEWED, user=actor.name)
        organisation_id = invitation.organisation_id
        activity.audit(
            AuditAction.LINK_RENEWED, organisation_id, actor.user.id, invitation.id, actor.address
        )
        return True


def _send(invitation: Invitation) -> None:
    if invitation.state is State.QUEUED:
        return  # The first email is composed when it is sent, so it carries the new link.
    kind = (
        WorkKind.INVITATION_AGAIN
        if invitation.state is State.UNDELIVERABLE
        else WorkKind.NEW_LINK_MAIL
    )
    mail.queue(kind, invitation.id, invitation.organisation_id, invitation.email)
