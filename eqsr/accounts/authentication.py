"""Check who logs in by password, and change the password."""

import logging

from eqsr.accounts import sessions
from eqsr.accounts.models import User
from eqsr.accounts.passwords import MAX_LENGTH, check_password
from eqsr.accounts.service import user_with
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.core.password_hashes import hash_password, password_matches
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind

log = logging.getLogger(__name__)


def authenticate(email: str, password: str, address: str = "") -> User | None:
    """Return the active user with this password, or None.

    Takes equally long for unknown users, so that timing reveals no accounts.
    """
    user = user_with(email)
    password_hash = user.password_hash if user and user.active else None
    matches = password_matches(password_hash, password[:MAX_LENGTH])
    if user is None or not matches:
        log.warning("login refused", extra={"address": address})
        _record_refusal(user, address)
        return None
    with transaction():
        user.last_login_at = now()
        activity.audit(AuditAction.LOGGED_IN, user.organisation_id, user.id, user.id, address)
    return user


def _record_refusal(user: User | None, address: str) -> None:
    """Write down a refused login, with the same statements whether there is such a user or not.

    What was typed is not stored: it may be a password in the wrong field.
    """
    organisation_id, user_id = (user.organisation_id, user.id) if user else (None, None)
    with transaction():
        activity.audit(AuditAction.LOGIN_REFUSED, organisation_id, None, user_id, address)


def change_password(user: User, current: str, new: str, address: str = "") -> None:
    """Set a new password, given the current one, and end the user's other sessions.

    Raises WrongPassword and WeakPassword.
    """
    if not password_matches(user.password_hash, current[:MAX_LENGTH]):
        activity.audit(
            AuditAction.PASSWORD_REFUSED, user.organisation_id, user.id, user.id, address
        )
        raise WrongPassword
    check_password(new, user.email)
    set_password(user, hash_password(new), AuditAction.PASSWORD_CHANGED, address)


def set_password(user: User, password_hash: str, action: AuditAction, address: str) -> None:
    """Store a new hash, end all sessions but the current one, and email the user.

    ``action`` names the change in the audit log, ``address`` is the visitor's network address.
    """
    with transaction() as session:
        session.add(user)
        user.password_hash = password_hash
        sessions.end_all(user.id, but=user.session_id)
        activity.audit(action, user.organisation_id, user.id, user.id, address)
        mails.queue(WorkKind.PASSWORD_CHANGED, user.id, user.organisation_id, user.email)


class WrongPassword(UserError):
    """The current password that the user typed is wrong."""

    def __init__(self) -> None:
        super().__init__(N_("This is not your current password."))
