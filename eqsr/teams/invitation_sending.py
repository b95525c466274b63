"""Write down an invitation and its email, and end both, for every kind of inviter."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.email_addresses import checked_address
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import UserError
from eqsr.mail import queries
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.teams.models import TeamInvitation

INVITATION_LIFETIME = timedelta(days=7)
# A second request within this time (a double click) sends no second email.
RESEND_INTERVAL = timedelta(minutes=1)


def invite_address(
    organisation_id: uuid.UUID, by: User | None, email: str, role: Role, address: str
) -> bool:
    """Write down an invitation, or renew it, and send it; False for a double click.

    ``by`` is the inviting user, None for an onboarding link. Raises UserError for an unusable
    address, one that is a member's, and, if the platform invites, one with an account elsewhere.
    An admin is not told of accounts at other customers: the email says it to its reader.
    """
    email = checked_address(email).lower()
    with transaction() as session:
        known = accounts.user_with(email)
        if known is not None and known.organisation_id == organisation_id:
            raise UserError("Somebody with this e-mail address is a member already. See the list.")
        by_platform = by is None or by.role is Role.STAFF
        if known is not None and by_platform:
            raise UserError("This e-mail address has an account elsewhere and can't be invited.")
        insert_if_absent(
            TeamInvitation,
            organisation_id=organisation_id,
            email=email,
            role=role,
            created_at=now(),
            expires_at=now(),
        )
        invitation = session.scalars(
            select(TeamInvitation)
            .where(TeamInvitation.organisation_id == organisation_id)
            .where(TeamInvitation.email == email)
            .with_for_update(of=TeamInvitation)
            .execution_options(populate_existing=True)
        ).one()
        invitation.role = role
        return send(invitation, by, AuditAction.TEAM_INVITED, address)


def end(invitation: TeamInvitation, by: User, address: str) -> None:
    """End a locked invitation and its link. Raises UserError if it was accepted."""
    if invitation.accepted_at:
        raise UserError("This invitation was accepted already. Deactivate the member instead.")
    if invitation.withdrawn_at:
        return
    invitation.withdrawn_at = now()
    invitation.token_hash = None
    mails.cancel_queued(invitation.id)
    _audit(invitation, by, AuditAction.TEAM_INVITATION_WITHDRAWN, address)


def send(invitation: TeamInvitation, by: User | None, action: AuditAction, address: str) -> bool:
    """Renew a locked invitation and queue its email; False if one was queued just now."""
    if not invitation.withdrawn_at and queries.queued_within(
        RESEND_INTERVAL, invitation.id, WorkKind.TEAM_INVITATION
    ):
        return False
    invitation.withdrawn_at = invitation.accepted_at = None
    invitation.created_at = now()
    invitation.expires_at = now() + INVITATION_LIFETIME
    invitation.invited_by_id = by.id if by else None
    mails.cancel_queued(invitation.id)
    mails.queue(
        WorkKind.TEAM_INVITATION, invitation.id, invitation.organisation_id, invitation.email
    )
    _audit(invitation, by, action, address)
    return True


def _audit(invitation: TeamInvitation, by: User | None, action: AuditAction, address: str) -> None:
    activity.audit(
        action,
        invitation.organisation_id,
        by.id if by else None,
        invitation.id,
        address,
        email=invitation.email,
        role=invitation.role.value,
    )
