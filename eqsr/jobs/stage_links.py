"""Which of our jobs watch a SmartRecruiters job."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eqsr.connections.models import AtsJob
from eqsr.core.db import db
from eqsr.jobs.models import StageLink


def links_watching(connection_id: uuid.UUID, ats_job_id: str) -> list[StageLink]:
    """The active stage links on the SmartRecruiters job with this id, oldest first."""
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
    """All active stage links of a connection."""
    return list(
        db.session.scalars(
            select(StageLink)
            .join(StageLink.ats_job)
            .where(AtsJob.connection_id == connection_id, StageLink.ended_at.is_(None))
            .order_by(StageLink.created_at)
        )
    )
