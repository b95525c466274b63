"""Mirror a customer's SmartRecruiters jobs (their stages: ``stage_mirror``).

Every function is idempotent: what it stores replaces what was there.
"""

import time
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from eqsr.connections import queries
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.mirror_rows import mark_unseen, upsert
from eqsr.connections.models import AtsJob, Connection
from eqsr.connections.search_text import search_text
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors import NoAccess, NotFound, RequestRefused, UnexpectedAnswer
from eqsr.smartrecruiters.types import ApiPage, JobRecord

# Seconds that one customer's long list may occupy a worker before others get a turn.
SLICE_SECONDS = 2.0

# Stored for an unknown date: databases disagree on where to sort NULL.
UNKNOWN_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def mirror_jobs(connection_id: uuid.UUID, seconds: float = SLICE_SECONDS) -> int:
    """Mirror all jobs; return how many there are.

    Each page is stored together with the place to resume from, so an interrupted run (Throttled,
    Reschedule after ``seconds``, a crash) continues where it stopped. Jobs that a complete run did
    not find get ``gone_at``. Raises SmartRecruitersError, NotConnected and Reschedule.
    """
    connection = queries.get_one(connection_id)
    page_id, client = connection.jobs_page_id, client_for(connection)
    began, deadline, seen_pages = now(), time.monotonic() + seconds, {page_id}
    while True:
        try:
            page = client.jobs_page(page_id)
        except RequestRefused:
            # SmartRecruiters may no longer know a stored page id: start from the first page.
            if page_id is None:
                raise
            _start_over(connection_id)
            raise Reschedule(1, "the list of jobs is read from its beginning again") from None
        _store_page(connection_id, page, began=began if page_id is None else None)
        page_id = page.next_page_id
        if page_id is None:
            return _finish(connection_id)
        if page_id in seen_pages:
            _start_over(connection_id)
            raise UnexpectedAnswer("the pages do not end", endpoint="GET /jobs")
        seen_pages.add(page_id)
        if time.monotonic() > deadline:
            raise Reschedule(0.1, "more jobs are left to read")


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
        _store_jobs(connection_id, page)
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
        upsert(session, AtsJob, [_row(connection_id, job)], ["connection_id", "ats_id"])
    return _stored(connection_id, job.ats_id)


def _store_page(
    connection_id: uuid.UUID, page: ApiPage[JobRecord], *, began: datetime | None
) -> None:
    """Store a page and the place to resume from; ``began`` is given for a run's first page."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.jobs_page_id = page.next_page_id
        connection.jobs_run_at = began or connection.jobs_run_at
        _store_jobs(connection_id, page)


def _store_jobs(connection_id: uuid.UUID, page: ApiPage[JobRecord]) -> None:
    # While the list shifts, a page may hold a job twice. Sorted, so that writers can't deadlock.
    rows = {job.ats_id: _row(connection_id, job) for job in page.items}
    with transaction() as session:
        upsert(session, AtsJob, [rows[key] for key in sorted(rows)], ["connection_id", "ats_id"])


def _start_over(connection_id: uuid.UUID) -> None:
    """Make the next run begin with the first page."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.jobs_page_id = connection.jobs_run_at = None


def _finish(connection_id: uuid.UUID) -> int:
    """Record a complete run, mark jobs that it did not find as gone, count the others."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        if connection.jobs_run_at is not None:
            mark_unseen(session, AtsJob, connection_id, connection.jobs_run_at)
        connection.jobs_run_at = None
        connection.jobs_synced_at = now()
        return session.scalars(
            select(func.count())
            .select_from(AtsJob)
            .where(AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None))
        ).one()


def _row(connection_id: uuid.UUID, job: JobRecord) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "ats_id": job.ats_id,
        "title": job.title[:500],
        "ref_number": (job.ref_number or "")[:200],
        "status": (job.status or "")[:40],
        "city": (job.city or "")[:200],
        "department": (job.department or "")[:200],
        "language": (job.language or "")[:20],
        "search": search_text(job.title, job.ref_number or "", job.ats_id),
        "updated_on": job.updated_on or UNKNOWN_DATE,
        "seen_at": now(),
        "gone_at": None,
    }


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
