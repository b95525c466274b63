"""Find and lock the rows that verbs of this room change."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.connections.models import AtsJob
from eqsr.jobs.models import Job, StageLink


def lock_job(session: Session, job: Job) -> Job:
    """Read the job again and lock it until the transaction ends: users may act at the same time."""
    return session.get_one(Job, job.id, populate_existing=True, with_for_update=True)


def link_at(
    session: Session, job: Job, ats_job: AtsJob, status: str, sub_status: str
) -> StageLink | None:
    """Return the job's stage link at this stage, active or ended; None if there never was one."""
    return session.scalar(
        select(StageLink)
        .where(StageLink.job_id == job.id, StageLink.ats_job_id == ats_job.id)
        .where(StageLink.status == status, StageLink.sub_status == sub_status)
        .execution_options(populate_existing=True)
    )
