"""Make a customer's first admin: at the end of an onboarding link, or invited by staff.

Both ways are open only while the organisation has no active admin. Its own admins invite everyone
else.
"""

import uuid

from sqlalchemy import select

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Organisation, Role, User
from eqsr.accounts.passwords import check_password
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_, UserError


class AdminExists(UserError):
    """The organisation already has an active admin."""

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
    """Does this organisation have an active admin?"""
    query = select(User.id).where(User.organisation_id == organisation_id)
    query = query.where(User.role == Role.ADMIN, User.active.is_(True))
    return db.session.scalar(query.limit(1)) is not None


def make(
    organisation: Organisation, email: str, name: str, password: str, address: str = ""
) -> User:
    """Create an account for the first admin.

    Raises AdminExists, WeakPassword, and UserError for an address that has an account.
    """
    check_password(password, email)
    with transaction():
        _require_no_admin(organisation.id)
        user = accounts.create_user(email, organisation, Role.ADMIN, password, name)
        activity.audit(
            AuditAction.FIRST_ADMIN_MADE, organisation.id, user.id, user.id, address, email=email
        )
    return user


def appoint(organisation_id: uuid.UUID, user: User, address: str = "") -> User:
    """Make a user who has just logged in the first admin; an admin stays one.

    Raises AnotherOrganisation, AdminExists.
    """
    if user.organisation_id != organisation_id or user.role is Role.STAFF:
        raise AnotherOrganisation
    with transaction() as session:
        if user.role is Role.ADMIN:
            return user
        _require_no_admin(organisation_id)
        user = session.get_one(User, user.id, populate_existing=True)
        before, user.role = user.role, Role.ADMIN
        activity.audit(
            AuditAction.ROLE_CHANGED,
            organisation_id,
            user.id,
            user.id,
            address,
            email=user.email,
            before=before.value,
            role=Role.ADMIN.value,
        )
    return user


def _require_no_admin(organisation_id: uuid.UUID) -> None:
    """Raise AdminExists if there is an admin; hold the row so that none can be made meanwhile."""
    hold(organisation_id)
    if has_admin(organisation_id):
        raise AdminExists


def hold(organisation_id: uuid.UUID) -> None:
    """Lock the organisation's row until the transaction ends, so only one first admin is made."""
    db.session.scalar(
        select(Organisation.id)
        .where(Organisation.id == organisation_id)
        .with_for_update(key_share=True)
    )
