"""The members of an organisation: their roles, and letting them in or not."""

import uuid

from sqlalchemy import select

from eqsr.accounts import sessions
from eqsr.accounts.models import Role, User
from eqsr.activity import service as activity
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_, NotFoundError, UserError


class LastAdmin(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("Somebody has to be admin. Make another member an admin first, and then try again.")
        )


def members(organisation_id: uuid.UUID) -> list[User]:
    """Active ones first, by name."""
    query = select(User).where(User.organisation_id == organisation_id)
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return sorted(found, key=lambda user: (not user.active, user.display_name.lower(), user.id))


def change_role(admin: User, user_id: uuid.UUID, role: Role, address: str = "") -> User:
    """Raises LastAdmin, NotFoundError."""
    if role is Role.STAFF:
        raise NotFoundError
    with transaction():
        user, admins = _locked(admin, user_id)
        if user.role is role:
            return user
        if admins == {user.id}:
            raise LastAdmin
        before, user.role = user.role, role
        facts = {"email": user.email, "before": before.value, "role": role.value}
        activity.audit("role_changed", user.organisation_id, admin.id, user.id, address, **facts)
    return user


def deactivate(admin: User, user_id: uuid.UUID, address: str = "") -> User:
    """They are logged out everywhere at once, and can't log in. Raises LastAdmin, NotFoundError."""
    with transaction():
        user, admins = _locked(admin, user_id)
        if not user.active:
            return user
        if admins == {user.id}:
            raise LastAdmin
        user.active = False
        sessions.end_all(user.id)
        _audit("user_deactivated", admin, user, address)
    return user


def reactivate(admin: User, user_id: uuid.UUID, address: str = "") -> User:
    """They can log in again, with the password and on the job teams that they had."""
    with transaction():
        user, _admins = _locked(admin, user_id)
        if not user.active:
            user.active = True
            _audit("user_reactivated", admin, user, address)
    return user


def is_member(admin: User, user_id: uuid.UUID) -> bool:
    query = select(User.id).where(User.id == user_id, User.organisation_id == admin.organisation_id)
    return db.session.scalar(query) is not None


def _locked(admin: User, user_id: uuid.UUID) -> tuple[User, set[uuid.UUID]]:
    """The member, and the ids of the active admins; all of these rows are held, so that two
    admins can't demote each other at the same moment."""
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


def _audit(action: str, admin: User, user: User, address: str) -> None:
    activity.audit(action, user.organisation_id, admin.id, user.id, address, email=user.email)
