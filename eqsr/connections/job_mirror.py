"""Mirror single jobs of a customer, and those that changed lately."""

import time
import uuid
from datetime import datetime

from sqlalchemy import select, update

from eqsr.connections import queries
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.job_rows import job_row, store_jobs
from eqsr.connections.mirror_rows import upsert
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound


def mirror_changed_jobs(
    connection_id: uuid.UUID, since: datetime, *, seconds: float, for_page: bool = False
) -> bool:
    """Mirror the jobs that changed after ``since``; False if ``seconds`` were not enough.

    Only ``mirror_jobs`` notices deleted jobs. Raises SmartRecruitersError and NotConnected.
    """
    client = client_for(queries.get_one(connection_id), for_page=for_page)
    page_id: str | None = None
    seen_pages: set[str | None] = set()
    deadline = time.monotonic() + seconds
    while page_id not in seen_pages:
        seen_pages.add(page_id)
        page = client.jobs_page(page_id, updated_after=since)
        store_jobs(connection_id, page)
        page_id = page.next_page_id
        if page_id is None:
            return True
        if time.monotonic() > deadline:
            break
    return False


def mirror_job(connection_id: uuid.UUID, ats_id: str, *, for_page: bool = False) -> AtsJob | None:
    """Mirror one job. If it is deleted or out of our credential's reach, set ``gone_at``; None.

    Out of reach is a 401 "Job access denied" (SmartRecruiters' OpenAPI, GET /jobs/{jobId}). Raises
    SmartRecruitersError and NotConnected.
    """
    client = client_for(queries.get_one(connection_id), for_page=for_page)
    try:
        job = client.job(ats_id)
    except (NotFound, NoAccess) as refusal:
        if not means_gone(refusal, client):
            raise
        _mark_gone(connection_id, ats_id)
        return None
    with transaction() as session:
        upsert(session, AtsJob, [job_row(connection_id, job)], ["connection_id", "ats_id"])
    return _stored(connection_id, job.ats_id)


def _mark_gone(connection_id: uuid.UUID, ats_id: str) -> None:
    with transaction() as session:
        session.execute(
            update(AtsJob)
            .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_id)
            .where(AtsJob.gone_at.is_(None))
            .values(gone_at=now())
        )


def _stored(connection_id: uuid.UUID, ats_id: str) -> AtsJob:
    return db.session.scalars(
        select(AtsJob)
        .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_id)
        .execution_options(populate_existing=True)
    ).one()
