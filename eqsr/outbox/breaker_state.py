"""Which connections' breakers are open, as stored and as this process caches it."""

import time
import uuid
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ScalarResult, select

from eqsr.core.clock import now
from eqsr.core.db import db, end_read
from eqsr.outbox import handlers
from eqsr.outbox.models import Breaker

# If trouble returns within this time after the breaker closed, it counts as the same trouble:
# probe intervals keep growing, and unanswered calls use up no attempt.
SAME_TROUBLE = timedelta(minutes=10)
# Seconds for which this process caches which breakers are open.
STATE_CACHE_SECONDS = 1.0
_open_ids: frozenset[uuid.UUID] = frozenset()
_read_at = 0.0


def in_trouble(connection_id: uuid.UUID) -> bool:
    """True if the breaker is open or closed less than SAME_TROUBLE ago.

    Then an unanswered call does not count as a failure of the work that made it.
    """
    recently = (Breaker.closed_at.is_(None)) | (Breaker.closed_at > now() - SAME_TROUBLE)
    query = select(Breaker.connection_id).where(Breaker.connection_id == connection_id, recently)
    return db.session.scalar(query) is not None


def opened() -> list[Breaker]:
    """All open breakers, oldest trouble first."""
    query = select(Breaker).where(Breaker.closed_at.is_(None)).order_by(Breaker.since)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def of(connection_id: uuid.UUID) -> Breaker | None:
    """The connection's breaker if it is open, else None."""
    query = select(Breaker).where(
        Breaker.connection_id == connection_id, Breaker.closed_at.is_(None)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def open_connections() -> Collection[uuid.UUID]:
    """Ids of the connections whose breaker is open; reads the database at most once a second."""
    global _open_ids, _read_at
    if time.monotonic() - _read_at >= STATE_CACHE_SECONDS:
        ids = db.session.scalars(select(Breaker.connection_id).where(Breaker.closed_at.is_(None)))
        _open_ids, _read_at = frozenset(ids), time.monotonic()
        end_read()
    return _open_ids


def is_parked(kind: str, connection_id: uuid.UUID | None) -> bool:
    """True if work of this kind and connection is parked, as last read by open_connections()."""
    return connection_id in _open_ids and kind not in handlers.never_parked()


def locked(connection_id: uuid.UUID) -> Breaker | None:
    """The connection's breaker, open or closed, locked until the transaction ends; None if none."""
    return _locked(connection_id).one_or_none()


def locked_existing(connection_id: uuid.UUID) -> Breaker:
    """Lock the connection's row. Raises NoResultFound if it never had a breaker."""
    return _locked(connection_id).one()


def _locked(connection_id: uuid.UUID) -> ScalarResult[Breaker]:
    query = select(Breaker).where(Breaker.connection_id == connection_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True))


def remember_opened(connection_id: uuid.UUID) -> None:
    """Add a breaker to those that this process knows to be open; call it after the commit."""
    global _open_ids
    _open_ids |= {connection_id}


def remember_closed(connection_id: uuid.UUID) -> None:
    """Remove a breaker from those that this process knows to be open; call it after the commit."""
    global _open_ids
    _open_ids -= {connection_id}
