"""How far our clock is off, by the Date of SmartRecruiters' answers to a health check.

Signed events carry SmartRecruiters' time, and those too far from ours are refused; moves are
compared with when a job was connected. A wrong clock of ours must be named, or it looks like a
mistake of theirs.
"""

import uuid

from sqlalchemy import func, select, update

from eqsr.connections.models import Connection
from eqsr.connections.queries import WORKING
from eqsr.core.db import db, transaction

# An offset below this is no trouble: Date has whole seconds, and answers take time.
TOLERABLE_SECONDS = 60


def record(connection_id: uuid.UUID, offset: int | None) -> None:
    """Store the offset of the latest check, in seconds; None (an answer without a date) is not."""
    if offset is None:
        return
    with transaction() as session:
        this = update(Connection).where(Connection.id == connection_id)
        session.execute(this.values(clock_offset=offset))


def is_wrong(offset: int | None) -> bool:
    """Whether an offset in seconds is one to be told."""
    return offset is not None and abs(offset) > TOLERABLE_SECONDS


def worst() -> int:
    """Return the largest intolerable offset of all working connections; 0 if there is none."""
    query = (
        select(Connection.clock_offset)
        .where(Connection.state.in_(WORKING), Connection.clock_offset.is_not(None))
        .where(func.abs(Connection.clock_offset) > TOLERABLE_SECONDS)
        .order_by(func.abs(Connection.clock_offset).desc())
        .limit(1)
    )
    return db.session.scalar(query) or 0
