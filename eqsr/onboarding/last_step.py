"""The last step of an onboarding link that has connected: its person becomes the first admin."""

import uuid

from eqsr.accounts import service as accounts
from eqsr.accounts.models import User
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import InvalidLink
from eqsr.onboarding import service
from eqsr.onboarding.models import OnboardingLink
from eqsr.teams import first_admin, memberships

# What can be done: make a new account or log in; only log in, because the address has an account;
# nothing, because there is an admin.
NEW, KNOWN, ADMIN_THERE = "new", "known", "admin_there"


def state(link: OnboardingLink) -> str:
    """In one word, see above."""
    if first_admin.has_admin(link.organisation_id):
        return ADMIN_THERE
    return KNOWN if accounts.user_with(link.admin_email) else NEW


def make_account(link: OnboardingLink, name: str, password: str, address: str = "") -> User:
    """The first admin, under the address that the link was made for; that ends the link.
    Raises InvalidLink and UserError."""
    with transaction():
        link = _hold(link)
        user = first_admin.make(link.organisation, link.admin_email, name, password, address)
        link.used_at = now()
    return user


def join_with(link: OnboardingLink, user: User, address: str = "") -> User:
    """The first admin, with an account that they have just logged in with; that ends the link.
    Raises InvalidLink and UserError."""
    with transaction():
        link = _hold(link)
        user = first_admin.appoint(link.organisation_id, user, address)
        link.used_at = now()
    return user


def leave_to_owner(link: OnboardingLink, address: str = "") -> None:
    """Mail the last step to the address that the link was made for, because somebody else
    connected; that ends the link. Raises InvalidLink and UserError."""
    with transaction() as session:
        link = _hold(link)
        staff = session.get(User, link.created_by_id) if link.created_by_id else None
        memberships.invite_first_admin(link.organisation_id, staff, link.admin_email, address)
        link.used_at = now()


def has_admin(organisation_id: uuid.UUID | None) -> bool:
    return organisation_id is not None and first_admin.has_admin(organisation_id)


def _hold(link: OnboardingLink) -> OnboardingLink:
    link = service.hold(link)
    if not link.connected_at:
        raise InvalidLink("early", link)
    return link
