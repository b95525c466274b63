"""A job that seems to have moved to a hiring process without the connected stage.

SmartRecruiters does not say which process a job has, so this is concluded from evidence: the
latest move on the job was to a sub-status that only processes without the stage have.
"""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.connections.models import HiringStage
from eqsr.core.db import db
from eqsr.jobs.models import StageLink
from eqsr.smartrecruiters.types.stages import Stage


def hints(links: Iterable[StageLink]) -> list[str]:
    """One sentence per active stage that the job's candidates seem to reach no more."""
    return [_sentence(link) for link in links if link.sub_status and _seems_lost(link)]


def _seems_lost(link: StageLink) -> bool:
    latest = db.session.execute(
        select(Application.status, Application.sub_status)
        .where(Application.ats_job_id == link.ats_job_id, Application.sub_status != "")
        .where(Application.stage_since > link.since)
        .order_by(Application.stage_since.desc())
        .limit(1)
    ).first()
    if latest is None:
        return False
    theirs, ours = _processes(link, *latest), _processes(link, link.status, link.sub_status)
    return bool(theirs and ours) and not theirs & ours


def _processes(link: StageLink, status: str, sub_status: str) -> set[str]:
    found = db.session.scalar(
        select(HiringStage.process_ids).where(
            HiringStage.connection_id == link.ats_job.connection_id,
            HiringStage.status == status,
            HiringStage.sub_status == sub_status,
            HiringStage.gone_at.is_(None),
        )
    )
    return set(found or ())


def _sentence(link: StageLink) -> str:
    return _(
        "The latest moves show that “%(ats_job)s” may have another hiring process now, which does "
        "not have the stage “%(stage)s”. If so, press Change and choose a stage of it.",
        ats_job=link.ats_job.title,
        stage=Stage(link.status, link.sub_status or None).label,
    )
