"""List an organisation's members, change their roles, deactivate and reactivate them."""

import uuid

from sqlalchemy import select

from eqsr.accounts import sessions
from eqsr.accounts.models import Role, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import db, transaction
from eqsr.core.folding import folded
from eqsr.core.messages import N_, NotFoundError, UserError


class LastAdmin(UserError):
    """The change would leave the organisation without an active admin."""

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody has to be admin. Make another member an admin first, and then try again.")
        )


def members(organisation_id: uuid.UUID) -> list[User]:
    """Return all members, active ones first, then by name."""
    query = select(User).where(User.organisation_id == organisation_id)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return sorted(found, key=lambda user: (not user.active, folded(user.display_name), user.id))


def change_role(admin: User, user_id: uuid.UUID, role: Role, address: str = "") -> User:
    """Give a member another role. Raises LastAdmin, and NotFoundError for an outsider."""
    if role is Role.STAFF:
        raise NotFoundError
    with transaction():
        user, admins = _locked(admin, user_id)
        if user.role is role:
            return user
        if admins == {user.id}:
            raise LastAdmin
        before, user.role = user.role, role
        activity.audit(
            AuditAction.ROLE_CHANGED,
            user.organisation_id,
            admin.id,
            user.id,
            address,
            email=user.email,
            before=before.value,
            role=role.value,
        )
    return user


def deactivate(admin: User, user_id: uuid.UUID, address: str = "") -> User:
    """End a member's sessions and refuse their login. Raises LastAdmin, NotFoundError."""
    with transaction():
        user, admins = _locked(admin, user_id)
        if not user.active:
            return user
        if admins == {user.id}:
            raise LastAdmin
        user.active = False
        sessions.end_all(user.id)
        _audit(AuditAction.USER_DEACTIVATED, admin, user, address)
    return user


def reactivate(admin: User, user_id: uuid.UUID, address: str = "") -> User:
    """Let a deactivated member log in again, with their old password and job teams.

    Raises NotFoundError.
    """
    with transaction():
        user, _admins = _locked(admin, user_id)
        if not user.active:
            user.active = True
            _audit(AuditAction.USER_REACTIVATED, admin, user, address)
    return user


def log_out(admin: User, user_id: uuid.UUID, address: str = "") -> User:
    """End a member's sessions, as on a lost laptop; they may log in again. Raises NotFoundError."""
    with transaction():
        user, _admins = _locked(admin, user_id)
        sessions.end_all(user.id)
        _audit(AuditAction.MEMBER_LOGGED_OUT, admin, user, address)
    return user


def is_member(admin: User, user_id: uuid.UUID) -> bool:
    """Does this user belong to the admin's organisation?"""
    query = select(User.id).where(User.id == user_id, User.organisation_id == admin.organisation_id)
    return db.session.scalar(query) is not None


def _locked(admin: User, user_id: uuid.UUID) -> tuple[User, set[uuid.UUID]]:
    """Return the member and the ids of the active admins.

    Locks all the organisation's users, so that two admins can't demote each other at once.
    """
    rows = db.session.scalars(
        select(User)
        .where(User.organisation_id == admin.organisation_id)
        .order_by(User.id)
        .with_for_update(of=User)
        .execution_options(populate_existing=True)
    ).all()
    user = next((one for one in rows if one.id == user_id), None)
    if user is None:
        raise NotFoundError
    return user, {one.id for one in rows if one.active and one.role is Role.ADMIN}


def _audit(action: AuditAction, admin: User, user: User, address: str) -> None:
    activity.audit(action, user.organisation_id, admin.id, user.id, address, email=user.email)
