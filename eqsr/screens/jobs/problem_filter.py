"""The SQL condition that finds jobs with problems."""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.duplicates import holding
from eqsr.duplicates.models import InvitationHold
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.screens.jobs.dead_work import dead_work
from eqsr.screens.jobs.problem_queries import AILING, interrupted


def in_trouble() -> ColumnElement[bool]:
    """SQL condition on Job: exactly the jobs for which ``problems.sentences`` returns any."""
    active = and_(StageLink.job_id == Job.id, StageLink.ended_at.is_(None))
    stage = and_(
        HiringStage.connection_id == AtsJob.connection_id,
        HiringStage.status == StageLink.status,
        HiringStage.sub_status == StageLink.sub_status,
    )
    gone = or_(AtsJob.gone_at.is_not(None), exists().where(stage, HiringStage.gone_at.is_not(None)))
    attention = and_(Connection.id == AtsJob.connection_id, Connection.state.in_(AILING))
    place = exists().where(active, AtsJob.id == StageLink.ats_job_id)
    undeliverable = Invitation.state == InvitationState.UNDELIVERABLE
    people = exists().where(Invitation.job_id == Job.id, or_(undeliverable, interrupted()))
    held = exists().where(InvitationHold.job_id == Job.id, holding.waiting())
    dead = dead_work().subquery()
    return and_(
        Job.state != JobState.CLOSED,
        or_(
            place.where(or_(gone, exists().where(attention))),
            people,
            held,
            Job.id.in_(select(dead.c.job_id)),
        ),
    )
