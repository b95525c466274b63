"""What users do with invitations by hand: who acts, and cancelling.

Each verb may be called twice, by a double click or by two people: the second call changes nothing
and returns False. Each locks the invitation's row, so the candidate's own steps wait.
"""

import uuid
from dataclasses import dataclass

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import transaction
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState


@dataclass(frozen=True)
class Actor:
    """The user who acts, and the network address from which they act."""

    user: User
    address: str = ""

    @property
    def name(self) -> str:
        """How the activity log names the user."""
        return self.user.name or self.user.email


def own(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """The invitation with this id. Raises NotFoundError if it is not this organisation's."""
    invitation = service.get(invitation_id)
    if invitation is None or invitation.organisation_id != organisation_id:
        raise NotFoundError
    return invitation


def cancel(invitation: Invitation, actor: Actor) -> bool:
    """Cancel the invitation for good: end its link and its queued emails.

    Raises UserError once the candidate has started, or the invitation is over.
    """
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.CANCELLED:
            return False
        if invitation.state is State.STARTED:
            raise UserError("The candidate has started, so this can't be cancelled any more.")
        require_state(invitation, service.BEFORE_START, N_("This invitation is over already."))
        invitation.state = State.CANCELLED
        invitation.cancelled_by_id = actor.user.id
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        record(invitation, ActivityKind.INVITATION_CANCELLED, actor)
        return True


def require_state(
    invitation: Invitation, states: tuple[InvitationState, ...], sentence: str
) -> None:
    """Raise UserError with ``sentence`` unless the invitation is in one of ``states``."""
    if invitation.state not in states or invitation.erased:
        raise UserError(sentence)


def queue_email(invitation: Invitation, kind: WorkKind) -> None:
    """Queue an email of this kind to the candidate. Joins the transaction."""
    mail.queue(kind, invitation.id, invitation.organisation_id, invitation.email)


def record(invitation: Invitation, kind: ActivityKind, actor: Actor, **facts: str) -> None:
    """Log what a user did, in the activity log and the audit log. Joins the transaction."""
    service.log_activity(invitation, kind, user=actor.name, **facts)
    activity.audit(
        AuditAction(kind), invitation.organisation_id, actor.user.id, invitation.id, actor.address
    )
