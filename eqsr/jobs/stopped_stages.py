"""Notice stages whose SmartRecruiters job takes nobody any more, and those that go on.

A job that is filled, cancelled, on hold or gone invites and reminds nobody. When it goes on,
``reconciling`` evaluates the moves made meanwhile.
"""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.job_status import why_stopped
from eqsr.connections.models import ON_HOLD, OVER, AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, row_count, transaction
from eqsr.jobs.missing_conditions import watched
from eqsr.jobs.models import StageLink


def notify_stopped() -> int:
    """Record and log the watched stages whose job stopped since the last time; return how many."""
    query = (
        select(StageLink.id)
        .join(StageLink.ats_job)
        .where(watched(), not_(_goes_on()), StageLink.stopped_since.is_(None))
    )
    return sum(note_stopped(link_id) for link_id in db.session.scalars(query).all())


def resumed() -> list[uuid.UUID]:
    """Return the ids of the watched stages that stopped, and whose job goes on now."""
    query = (
        select(StageLink.id)
        .join(StageLink.ats_job)
        .where(watched(), _goes_on(), StageLink.stopped_since.is_not(None))
    )
    return list(db.session.scalars(query))


def note_stopped(link_id: uuid.UUID) -> bool:
    """Record, once, that the stage's job takes nobody; return whether this was the first time."""
    with transaction() as session:
        mine = update(StageLink).where(StageLink.id == link_id, StageLink.stopped_since.is_(None))
        if not row_count(session.execute(mine.values(stopped_since=now()))):
            return False
        link = session.get_one(StageLink, link_id, populate_existing=True)
        _log(ActivityKind.ATS_JOB_STOPPED, link, why=why_stopped(link.ats_job))
        return True


def note_resumed(link_id: uuid.UUID) -> StageLink | None:
    """Record, once, that the stage's job goes on; return the link, None if that was done before.

    Joins the transaction.
    """
    with transaction() as session:
        mine = update(StageLink).where(
            StageLink.id == link_id, StageLink.stopped_since.is_not(None)
        )
        if not row_count(session.execute(mine.values(stopped_since=None))):
            return None
        link = session.get_one(StageLink, link_id, populate_existing=True)
        _log(ActivityKind.ATS_JOB_RESUMED, link)
        return link


def _goes_on() -> ColumnElement[bool]:
    """Condition on AtsJob: candidates are invited for it, like ``AtsJob.takes_candidates``."""
    return and_(AtsJob.gone_at.is_(None), AtsJob.status.not_in((*OVER, *ON_HOLD)))


def _log(kind: ActivityKind, link: StageLink, **facts: Any) -> None:
    activity.log(
        kind,
        link.job.organisation_id,
        job_id=link.job_id,
        connection_id=link.ats_job.connection_id,
        job=link.job.title,
        ats_job=link.ats_job.title,
        **facts,
    )
