"""Check who logs in by password, and change the password."""

import logging

from eqsr.accounts import login_limits, sessions
from eqsr.accounts.models import User
from eqsr.accounts.passwords import MAX_LENGTH, check_password
from eqsr.accounts.service import user_with
from eqsr.activity import service as activity
from eqsr.activity import sparing
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.core.password_hashes import hash_password, password_matches
from eqsr.mail import service as mails
from eqsr.outbox.counters import Limit
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)

HOUR = 3600
# Refused logins that leave an audit entry each, per hour; of more, only some do.
NOTED_OF_ACCOUNT = 10
NOTED_OF_NETWORK = 100


def authenticate(email: str, password: str, address: str = "", device: str = "") -> User | None:
    """Return the active user with this password, or None.

    ``device``: the cookie of a browser that is known, see known_devices. Does the same for unknown
    users, so that timing reveals no accounts. Raises TooManyTries.
    """
    attempt = login_limits.begin(email, device, address)
    user = user_with(email)
    password_hash = user.password_hash if user and user.active else None
    matches = password_matches(password_hash, password[:MAX_LENGTH])
    if user is None or not matches:
        log.warning("login refused", extra={"address": address})
        _record_refusal(user, email, address, attempt.reached_cap)
        return None
    attempt.does_not_count()
    with transaction():
        user.last_login_at = now()
        activity.audit(AuditAction.LOGGED_IN, user.organisation_id, user.id, user.id, address)
    return user


def _record_refusal(user: User | None, email: str, address: str, reached_cap: bool) -> None:
    """Write down a refused login, with the same statements whether there is such a user or not.

    What was typed is not stored: it may be a password in the wrong field. ``reached_cap``: no
    stranger may try again today, which a worker tells the user.
    """
    organisation_id, user_id = (user.organisation_id, user.id) if user else (None, None)
    facts = sparing.facts_if_noted(
        Limit(f"refused logins of {login_limits.account_key(email)}", NOTED_OF_ACCOUNT, HOUR),
        Limit(f"refused logins from {login_limits.network(address)}", NOTED_OF_NETWORK, HOUR),
    )
    with transaction():
        if facts is not None:
            activity.audit(
                AuditAction.LOGIN_REFUSED, organisation_id, None, user_id, address, **facts
            )
        if reached_cap:
            entry = activity.audit(
                AuditAction.GUESSING_STOPPED, organisation_id, None, user_id, address
            )
            enqueue(WorkKind.GUESSING_STOPPED, entry.id)


def change_password(user: User, current: str, new: str, address: str = "") -> None:
    """Set a new password, given the current one, and end the user's other sessions.

    Raises WrongPassword, WeakPassword and TooManyTries.
    """
    check_current(user, current, address)
    check_password(new, user.email)
    set_password(user, hash_password(new), AuditAction.PASSWORD_CHANGED, address)


def check_current(user: User, password: str, address: str = "") -> None:
    """Check that somebody who is logged in knows their password. Raises as change_password."""
    attempt = login_limits.begin_own(user.session_id)
    if not password_matches(user.password_hash, password[:MAX_LENGTH]):
        activity.audit(
            AuditAction.PASSWORD_REFUSED, user.organisation_id, user.id, user.id, address
        )
        raise WrongPassword
    attempt.does_not_count()


def confirm(user: User, password: str, address: str = "") -> None:
    """Take the password of somebody who is logged in as a sign that it is them.

    Raises WrongPassword and TooManyTries.
    """
    check_current(user, password, address)
    with transaction():
        sessions.confirm(user)
        activity.audit(
            AuditAction.PASSWORD_CONFIRMED, user.organisation_id, user.id, user.id, address
        )


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
