"""What sweeps were begun and what they found, and deleting old ones."""

import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs.models import StageLink
from eqsr.reconciling.models import Sweep, SweepKind

# A sweep that has not ended after this time counts as stuck, and another one may begin.
STUCK = timedelta(hours=2)
# No page shows older sweeps.
KEEP_SWEEPS = timedelta(days=30)
PURGE_BATCH = 10_000


def stage_sweep(link: StageLink) -> Sweep | None:
    """The first sweep of the stage since it was connected, or None."""
    return db.session.scalar(
        select(Sweep)
        .where(Sweep.stage_link_id == link.id, Sweep.started_at >= link.since)
        .order_by(Sweep.started_at)
        .limit(1)
    )


def last_begun(connection_id: uuid.UUID, kind: SweepKind) -> datetime | None:
    """When the latest sweep of this kind that has ended began; None if there is none."""
    return db.session.scalar(
        select(func.max(Sweep.started_at))
        .where(Sweep.connection_id == connection_id, Sweep.kind == kind)
        .where(Sweep.ended_at.is_not(None))
    )


def latest(connection_id: uuid.UUID) -> dict[str, Any]:
    """The sweeps of the last 24 hours, for the connection page.

    ``ended_at``: when the last one ended. ``looked_at`` and ``found``: sums. ``going_on``: how many
    are running.
    """
    ended = select(
        func.max(Sweep.ended_at), func.sum(Sweep.looked_at), func.sum(Sweep.found)
    ).where(Sweep.connection_id == connection_id, Sweep.started_at > now() - timedelta(days=1))
    going_on = select(func.count()).where(
        Sweep.connection_id == connection_id,
        Sweep.ended_at.is_(None),
        Sweep.started_at > now() - STUCK,
    )
    last, looked_at, found = db.session.execute(ended).one()
    return {
        "ended_at": last,
        "looked_at": looked_at or 0,
        "found": found or 0,
        "going_on": db.session.scalar(going_on),
    }


def forget_old() -> int:
    """Delete up to PURGE_BATCH sweeps older than KEEP_SWEEPS; return how many."""
    some = select(Sweep.id).where(Sweep.started_at < now() - KEEP_SWEEPS).limit(PURGE_BATCH)
    with transaction() as session:
        deleted = session.execute(delete(Sweep).where(Sweep.id.in_(some)))
        return cast(CursorResult[Any], deleted).rowcount
