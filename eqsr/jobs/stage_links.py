"""Find stage links: of a job, on a SmartRecruiters job, of a connection."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eqsr.connections.models import AtsJob
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.jobs.models import Job, JobState, StageLink


def links_watching(connection_id: uuid.UUID, ats_job_id: str) -> list[StageLink]:
    """Return the active stage links on the SmartRecruiters job with this id, oldest first."""
    return list(
        db.session.scalars(
            select(StageLink)
            .join(StageLink.ats_job)
            .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_job_id)
            .where(StageLink.ended_at.is_(None))
            .options(joinedload(StageLink.job))
            .order_by(StageLink.created_at)
            .execution_options(populate_existing=True)
        )
    )


def watched_links(connection_id: uuid.UUID) -> list[StageLink]:
    """Return all active stage links of a connection, oldest first."""
    return list(
        db.session.scalars(
            select(StageLink)
            .join(StageLink.ats_job)
            .where(AtsJob.connection_id == connection_id, StageLink.ended_at.is_(None))
            .order_by(StageLink.created_at)
        )
    )


def active_link(job: Job) -> StageLink | None:
    """Return the job's newest active stage link, or None."""
    return db.session.scalar(
        select(StageLink)
        .where(StageLink.job_id == job.id, StageLink.ended_at.is_(None))
        .order_by(StageLink.since.desc())
        .limit(1)
    )


def link_of(job: Job, link_id: uuid.UUID | None) -> StageLink:
    """Return one of the job's stage links, active or ended. Raises NotFoundError."""
    link = db.session.get(StageLink, link_id) if link_id else None
    if link is None or link.job_id != job.id:
        raise NotFoundError
    return link


def also_connected(job: Job, ats_job: AtsJob) -> list[StageLink]:
    """Return the active links of the organisation's other jobs on the same SmartRecruiters job."""
    return list(
        db.session.scalars(
            select(StageLink)
            .join(StageLink.job)
            .where(StageLink.ats_job_id == ats_job.id, StageLink.ended_at.is_(None))
            .where(StageLink.job_id != job.id, Job.organisation_id == job.organisation_id)
            .where(Job.state != JobState.CLOSED)
            .order_by(Job.search, StageLink.id)
        )
    )
