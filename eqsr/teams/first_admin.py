"""A customer's first admin: made at the end of an onboarding link, or invited by staff.

Both ways are open only while the organisation has no active admin. From then on its own admins
invite everybody else.
"""

import uuid

from sqlalchemy import select

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Organisation, Role, User
from eqsr.accounts.passwords import check_password
from eqsr.activity import service as activity
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_, UserError


class AdminThere(UserError):
    """The organisation has an admin."""

    def __init__(self) -> None:
        super().__init__(
            N_("This organisation has an admin already. Ask that person to invite you.")
        )


class AnotherOrganisation(UserError):
    """The account belongs to another organisation."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This account belongs to another organisation, and an account can belong to one "
                "only. Ask us to invite another email address of yours."
            )
        )


def has_admin(organisation_id: uuid.UUID) -> bool:
    """Somebody active administers this organisation."""
    query = select(User.id).where(User.organisation_id == organisation_id)
    query = query.where(User.role == Role.ADMIN, User.active.is_(True))
    return db.session.scalar(query.limit(1)) is not None


def make(
    organisation: Organisation, email: str, name: str, password: str, address: str = ""
) -> User:
    """The first admin, with a new account. Raises AdminThere, and UserError (a weak password, an
    address that has an account)."""
    check_password(password, email)
    with transaction():
        _only_while_there_is_none(organisation.id)
        user = accounts.create_user(email, organisation, Role.ADMIN, password, name)
        activity.audit("first_admin_made", organisation.id, user.id, user.id, address, email=email)
    return user


def appoint(organisation_id: uuid.UUID, user: User, address: str = "") -> User:
    """The first admin, with an account that they have and have just logged in with; somebody who
    is an admin already stays one. Raises AnotherOrganisation, AdminThere."""
    if user.organisation_id != organisation_id or user.role is Role.STAFF:
        raise AnotherOrganisation
    with transaction() as session:
        if user.role is Role.ADMIN:
            return user
        _only_while_there_is_none(organisation_id)
        user = session.get_one(User, user.id, populate_existing=True)
        before, user.role = user.role, Role.ADMIN
        facts = {"email": user.email, "before": before.value, "role": Role.ADMIN.value}
        activity.audit("role_changed", organisation_id, user.id, user.id, address, **facts)
    return user


def _only_while_there_is_none(organisation_id: uuid.UUID) -> None:
    """Holds the organisation's row, so that two can't become the first admin at once."""
    hold(organisation_id)
    if has_admin(organisation_id):
        raise AdminThere


def hold(organisation_id: uuid.UUID) -> None:
    """Until the end of this transaction nobody else becomes this organisation's first admin."""
    db.session.scalar(
        select(Organisation.id)
        .where(Organisation.id == organisation_id)
        .with_for_update(key_share=True)
    )
