"""The last step of onboarding: the person who connected becomes the customer's first admin."""

import uuid

from eqsr.accounts import service as accounts
from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import InvalidLink
from eqsr.onboarding import link_validity
from eqsr.onboarding.models import OnboardingLink
from eqsr.teams import first_admin, first_admin_invitations

# NEW_ACCOUNT: make an account or log in. EXISTING_ACCOUNT: only log in, because the link's address
# has an account. ADMIN_EXISTS: nothing to do.
NEW_ACCOUNT, EXISTING_ACCOUNT, ADMIN_EXISTS = "new", "known", "admin_there"


def state(link: OnboardingLink) -> str:
    """Return which of the forms above the last step offers."""
    if first_admin.has_admin(link.organisation_id):
        return ADMIN_EXISTS
    return EXISTING_ACCOUNT if accounts.user_with(link.admin_email) else NEW_ACCOUNT


def make_account(link: OnboardingLink, name: str, password: str, address: str = "") -> User:
    """Create the first admin under the link's email address, and end the link.

    Raises InvalidLink and UserError (see first_admin.make).
    """
    with transaction():
        link = _hold(link)
        user = first_admin.make(link.organisation, link.admin_email, name, password, address)
        link.used_at = now()
    return user


def join_with(link: OnboardingLink, user: User, address: str = "") -> User:
    """Make a user who has just logged in the first admin, and end the link.

    Raises InvalidLink and UserError (see first_admin.appoint).
    """
    with transaction():
        link = _hold(link)
        user = first_admin.appoint(link.organisation_id, user, address)
        link.used_at = now()
    return user


def leave_to_owner(link: OnboardingLink, address: str = "") -> None:
    """Invite the link's email address to be the first admin, and end the link.

    For a colleague who connected on the admin's behalf. Raises InvalidLink and UserError.
    """
    with transaction() as session:
        link = _hold(link)
        staff = session.get(User, link.created_by_id) if link.created_by_id else None
        first_admin_invitations.invite_first_admin(
            link.organisation_id, staff, link.admin_email, address
        )
        link.used_at = now()


def has_admin(organisation_id: uuid.UUID | None) -> bool:
    """Does this organisation have an active admin? False if it is not known."""
    return organisation_id is not None and first_admin.has_admin(organisation_id)


def _hold(link: OnboardingLink) -> OnboardingLink:
    """Lock the link. Raises InvalidLink unless it has connected and is still valid."""
    link = link_validity.hold(link)
    if not link.connected_at:
        raise InvalidLink("early", link)
    return link
