"""A new personal link, made by hand; every earlier one ends."""

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.invitations import service
from eqsr.invitations.management import CANCELLABLE, Actor, link_works
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState


def renewable(invitation: Invitation) -> bool:
    """There is a link, and it leads to something."""
    if invitation.state is State.COMPLETED:
        shown_until = invitation.completed_at + service.RESULT_SHOWN_FOR
        return now() < shown_until and not invitation.erased
    return invitation.state in CANCELLABLE and link_works(invitation)


def issue(invitation: Invitation, generation: int, actor: Actor) -> bool:
    """Mail a new link; answers and progress stay.

    ``generation``: of the link that is to end. False, and nothing is changed, when it has ended
    already: a double click makes one link. Raises UserError where no link leads anywhere.
    """
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.link_generation > generation:
            return False
        if not renewable(invitation):
            raise UserError("The link leads nowhere any more, so there is no new one.")
        service.end_links(invitation)
        _send(invitation)
        service.log_activity(invitation, ActivityKind.LINK_RENEWED, user=actor.name)
        organisation_id = invitation.organisation_id
        activity.audit(
            ActivityKind.LINK_RENEWED, organisation_id, actor.user.id, invitation.id, actor.address
        )
        return True


def _send(invitation: Invitation) -> None:
    """A first mail that has not left carries the new link, so there is no second one."""
    if invitation.state is State.QUEUED:
        return
    kind = (
        WorkKind.INVITATION_AGAIN
        if invitation.state is State.UNDELIVERABLE
        else WorkKind.NEW_LINK_MAIL
    )
    mail.queue(kind, invitation.id, invitation.organisation_id, invitation.email)
