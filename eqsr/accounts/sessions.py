"""Login sessions: start, renew by use, list and end them."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update

from eqsr.accounts.models import LoginSession, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import NotFoundError

# A session expires when unused for this long; so does its cookie.
IDLE_TIMEOUT = timedelta(hours=12)
# And after this long it expires although it is used.
LIFETIME = timedelta(days=7)
# So long after the password was given it is not asked for again.
CONFIRMED_FOR = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)
# Use is recorded at most this often, to spare a write per request.
TOUCH_INTERVAL = timedelta(minutes=5)
SESSION_RETENTION = timedelta(days=90)


def begin(user: User, device: str = "", address: str = "") -> User:
    """Start a session and return the user with its ``session_id`` set."""
    with transaction() as session:
        begun = LoginSession(user_id=user.id, device=device[:100], address=address[:60])
        session.add(begun)
        user.last_seen_at = now()
        session.flush()
    user.session_id = begun.id
    return user


def user_of(value: str) -> User | None:
    """Return the active user whose cookie holds this session id; None if it has ended or expired.

    Records the use of the session.
    """
    try:
        found = db.session.get(LoginSession, uuid.UUID(value))
    except ValueError:
        return None
    at = now()
    if found is None or found.ended_at or not found.user.active:
        return None
    unused = at - found.last_used_at
    if unused > IDLE_TIMEOUT + TOUCH_INTERVAL or at - found.created_at > LIFETIME:
        return None
    if unused > TOUCH_INTERVAL:
        with transaction():
            found.last_used_at = found.user.last_seen_at = at
    found.user.session_id = found.id
    return found.user


def confirmed(user: User) -> bool:
    """Did the user give the password in this session within the last ten minutes?"""
    found = db.session.get(LoginSession, user.session_id) if user.session_id else None
    at = found.confirmed_at if found else None
    # Another web server's clock may be ahead of this one's.
    return at is not None and -CLOCKS_DIFFER <= now() - at < CONFIRMED_FOR


def confirm(user: User) -> None:
    """Record that the user has just given the password in this session."""
    with transaction() as session:
        found = session.get(LoginSession, user.session_id)
        if found is not None:
            found.confirmed_at = now()


def open_sessions(user_id: uuid.UUID) -> list[LoginSession]:
    """Return the user's unexpired sessions, most recently used first."""
    query = (
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.last_used_at > now() - IDLE_TIMEOUT - TOUCH_INTERVAL)
        .where(LoginSession.created_at > now() - LIFETIME)
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id)
    )
    return list(db.session.scalars(query))


def end(user: User, session_id: uuid.UUID, address: str = "") -> None:
    """End one of the user's own sessions; idempotent. Raises NotFoundError for another's."""
    with transaction() as session:
        found = session.get(LoginSession, session_id, populate_existing=True)
        if found is None or found.user_id != user.id:
            raise NotFoundError
        if found.ended_at is None:
            found.ended_at = now()
            activity.audit(
                AuditAction.SESSION_ENDED, user.organisation_id, user.id, found.id, address
            )


def end_others(user: User, address: str = "") -> None:
    """End all sessions of the user except the current one."""
    with transaction():
        end_all(user.id, but=user.session_id)
        activity.audit(AuditAction.SESSIONS_ENDED, user.organisation_id, user.id, user.id, address)


def end_all(user_id: uuid.UUID, but: uuid.UUID | None = None) -> None:
    """End all sessions of the user except ``but``."""
    with transaction() as session:
        ending = update(LoginSession).where(
            LoginSession.user_id == user_id, LoginSession.ended_at.is_(None)
        )
        if but is not None:
            ending = ending.where(LoginSession.id != but)
        session.execute(ending.values(ended_at=now()))


def delete_old() -> None:
    """Delete login sessions unused for 90 days (data minimisation)."""
    with transaction() as session:
        old = LoginSession.last_used_at < now() - SESSION_RETENTION
        session.execute(delete(LoginSession).where(old))
