"""Dead work about a job's invitations and candidates."""

import uuid

from sqlalchemy import CompoundSelect, Select, bindparam, func, select, union_all

from eqsr.candidates.models import Application
from eqsr.core.db import db
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import StageLink
from eqsr.outbox.models import Work, WorkState


def dead_by_job(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Job id -> number of pieces of dead work; only jobs that have any."""
    return dict(map(tuple, db.session.execute(_DEAD_BY_JOB, {"ids": job_ids})))


def dead_work() -> CompoundSelect[tuple[uuid.UUID]]:
    """(job_id) of each piece of dead work about an invitation of a job, or about an application
    on a SmartRecruiters job that it watches. Dead mails are undeliverable invitations."""
    results = select(Invitation.job_id.label("job_id")).join(Work, Work.subject_id == Invitation.id)
    looks = (
        select(StageLink.job_id.label("job_id"))
        .join(Application, Application.ats_job_id == StageLink.ats_job_id)
        .join(Work, Work.subject_id == Application.id)
        .where(StageLink.ended_at.is_(None))
    )
    is_dead = Work.state == WorkState.DEAD
    return union_all(results.where(is_dead), looks.where(is_dead))


def _counted_dead() -> Select:
    dead = dead_work().subquery()
    wanted = dead.c.job_id.in_(bindparam("ids", expanding=True))
    return select(dead.c.job_id, func.count()).where(wanted).group_by(dead.c.job_id)


# Built once, because building the query takes longer than running it.
_DEAD_BY_JOB = _counted_dead()
