"""Where somebody is logged in: begun, kept alive by use, ended."""

import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update

from eqsr.accounts.models import LoginSession, User
from eqsr.activity import service as activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import NotFoundError

# Unused for this long, a session is over; the cookie lives as long.
IDLE = timedelta(hours=12)
# Use is written down no more often than this.
TOUCH = timedelta(minutes=5)
KEEP = timedelta(days=90)


def begin(user: User, device: str = "", address: str = "") -> User:
    """A new session; the user, who now knows of it."""
    with transaction() as session:
        begun = LoginSession(user_id=user.id, device=device[:100], address=address[:60])
        session.add(begun)
        user.last_seen_at = now()
        session.flush()
    user.session_id = begun.id
    return user


def user_of(value: str) -> User | None:
    """The user whose cookie holds this, if that session still counts."""
    try:
        found = db.session.get(LoginSession, uuid.UUID(value))
    except ValueError:
        return None
    moment = now()
    if found is None or found.ended_at or not found.user.active:
        return None
    unused = moment - found.last_used_at
    if unused > IDLE + TOUCH:
        return None
    if unused > TOUCH:
        with transaction():
            found.last_used_at = found.user.last_seen_at = moment
    found.user.session_id = found.id
    return found.user


def open_sessions(user_id: uuid.UUID) -> list[LoginSession]:
    """The latest used first."""
    query = (
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.last_used_at > now() - IDLE - TOUCH)
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id)
    )
    return list(db.session.scalars(query))


def end(user: User, session_id: uuid.UUID, address: str = "") -> None:
    """End one of the user's own. Raises NotFoundError; ending it twice changes nothing."""
    with transaction() as session:
        found = session.get(LoginSession, session_id, populate_existing=True)
        if found is None or found.user_id != user.id:
            raise NotFoundError
        if found.ended_at is None:
            found.ended_at = now()
            activity.audit("session_ended", user.organisation_id, user.id, found.id, address)


def end_others(user: User, address: str = "") -> None:
    """End all of the user's own but the one in hand."""
    with transaction():
        end_all(user.id, but=user.session_id)
        activity.audit("sessions_ended", user.organisation_id, user.id, user.id, address)


def end_all(user_id: uuid.UUID, but: uuid.UUID | None = None) -> None:
    """End every session of the user, apart from one where it is named."""
    with transaction() as session:
        ending = update(LoginSession).where(
            LoginSession.user_id == user_id, LoginSession.ended_at.is_(None)
        )
        if but is not None:
            ending = ending.where(LoginSession.id != but)
        session.execute(ending.values(ended_at=now()))


def forget_old() -> None:
    """Where somebody was logged in long ago is nobody's business."""
    with transaction() as session:
        session.execute(delete(LoginSession).where(LoginSession.last_used_at < now() - KEEP))
