"""Admins invite people to their organisation by email, and withdraw invitations."""

import uuid

from eqsr.accounts.models import Role, User
from eqsr.activity.actions import AuditAction
from eqsr.core.db import transaction
from eqsr.core.messages import NotFoundError, UserError
from eqsr.teams.invitation_sending import end, invite_address, send
from eqsr.teams.queries import for_update


def invite(admin: User, email: str, role: Role, address: str = "") -> bool:
    """Invite an address to the admin's organisation; inviting again renews the invitation.

    False for a double click. Raises UserError for an unusable address or a member's.
    """
    if role is Role.STAFF:
        raise NotFoundError
    return invite_address(admin.organisation_id, admin, email, role, address)


def resend(admin: User, invitation_id: uuid.UUID, address: str = "") -> bool:
    """Send a new link with a full lifetime, which ends the old one. False for a double click.

    Raises UserError if the invitation was accepted, NotFoundError if it was withdrawn and for
    another organisation's.
    """
    with transaction():
        invitation = for_update(admin, invitation_id)
        if invitation.withdrawn_at:
            raise NotFoundError
        if invitation.accepted_at:
            raise UserError("This invitation was accepted already.")
        return send(invitation, admin, AuditAction.TEAM_INVITED_AGAIN, address)


def withdraw(admin: User, invitation_id: uuid.UUID, address: str = "") -> None:
    """End an invitation and its link at once.

    Raises UserError if it was accepted, NotFoundError for another organisation's.
    """
    with transaction():
        end(for_update(admin, invitation_id), admin, address)
