"""Which watched stages and jobs SmartRecruiters no longer has, as conditions of SQL."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from eqsr.connections.models import AtsJob, HiringStage
from eqsr.jobs.models import Job, JobState, StageLink


def watched() -> ColumnElement[bool]:
    """Condition: the link is active and its job is not closed."""
    is_open = exists().where(Job.id == StageLink.job_id, Job.state != JobState.CLOSED)
    return and_(StageLink.ended_at.is_(None), is_open)


def is_missing() -> ColumnElement[bool]:
    """Condition: SmartRecruiters no longer has the link's stage or job."""
    theirs = aliased(AtsJob)
    place = exists().where(theirs.id == StageLink.ats_job_id)
    stage_gone = place.where(
        HiringStage.connection_id == theirs.connection_id,
        HiringStage.status == StageLink.status,
        HiringStage.sub_status == StageLink.sub_status,
        HiringStage.gone_at.is_not(None),
    )
    return or_(place.where(theirs.gone_at.is_not(None)), stage_gone)
