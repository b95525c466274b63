"""Set a forgotten password by an emailed link, valid once."""

from sqlalchemy import update

from eqsr.accounts import authentication
from eqsr.accounts.models import PasswordReset, User
from eqsr.accounts.passwords import check_password
from eqsr.activity.actions import AuditAction
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.core.emailed_links import InvalidLink
from eqsr.core.password_hashes import hash_password


def find_by_token(token: str) -> PasswordReset:
    """Return the reset that this token opens.

    Raises InvalidLink: unknown, used, inactive or expired.
    """
    return emailed_links.find_by_token(PasswordReset, token, _why_dead)


def use(token: str, password: str, address: str = "") -> User:
    """Set the password, and end the user's sessions and every link for a new password.

    Raises InvalidLink, and WeakPassword.
    """
    reset = find_by_token(token)
    check_password(password, reset.user.email)
    password_hash = hash_password(password)
    with transaction() as session:
        this = update(PasswordReset).where(
            PasswordReset.id == reset.id, PasswordReset.used_at.is_(None)
        )
        if not row_count(session.execute(this.values(used_at=now()))):
            raise InvalidLink("used", reset)
        session.execute(
            update(PasswordReset)
            .where(PasswordReset.user_id == reset.user_id, PasswordReset.used_at.is_(None))
            .values(used_at=now())
        )
        user = session.get_one(User, reset.user_id, populate_existing=True)
        user.session_id = None
        authentication.set_password(user, password_hash, AuditAction.PASSWORD_RESET, address)
    return user


def _why_dead(reset: PasswordReset) -> str:
    """Return InvalidLink's reason, '' for a valid link."""
    if reset.used_at:
        return "used"
    if not reset.user.active:
        return "inactive"
    return "expired" if reset.expires_at is None or reset.expires_at <= now() else ""
