"""Staff and onboarding links invite an organisation's first admin by email."""

import uuid

from eqsr.accounts.models import Role, User
from eqsr.core.db import transaction
from eqsr.core.messages import NotFoundError, UserError
from eqsr.teams import first_admin
from eqsr.teams.invitation_sending import end, invite_address
from eqsr.teams.models import TeamInvitation
from eqsr.teams.queries import LOCK_ITSELF, from_platform


def invite_first_admin(
    organisation_id: uuid.UUID, staff: User | None, email: str, address: str = ""
) -> bool:
    """Invite an address to become the organisation's first admin; again renews the invitation.

    ``staff`` is the inviting user, None for an onboarding link. False for a double click. Raises
    UserError if there is an admin, or the address is unusable or has an account.
    """
    with transaction():
        first_admin.hold(organisation_id)
        if first_admin.has_admin(organisation_id):
            raise UserError(
                "This customer has an admin already. Ask that person to invite their colleagues."
            )
        return invite_address(organisation_id, staff, email, Role.ADMIN, address)


def withdraw_first_admin(
    organisation_id: uuid.UUID, staff: User, invitation_id: uuid.UUID, address: str = ""
) -> None:
    """End an invitation that the platform sent, and its link, at once.

    Raises UserError if it was accepted, NotFoundError for any other invitation.
    """
    with transaction() as session:
        invitation = session.get(
            TeamInvitation, invitation_id, populate_existing=True, with_for_update=LOCK_ITSELF
        )
        if invitation is None or invitation.organisation_id != organisation_id:
            raise NotFoundError
        if not from_platform(invitation):
            raise NotFoundError
        end(invitation, staff, address)
