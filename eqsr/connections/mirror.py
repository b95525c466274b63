"""Mirror all of a customer's SmartRecruiters jobs, in slices (their stages: ``stage_mirror``)."""

import time
import uuid
from datetime import datetime

from sqlalchemy import func, select

from eqsr.connections import queries
from eqsr.connections.clients import client_for
from eqsr.connections.job_rows import store_jobs
from eqsr.connections.mirror_rows import mark_unseen
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.types.jobs import JobRecord
from eqsr.smartrecruiters.types.lists import ApiPage

# Seconds that one customer's long list may occupy a worker before others get a turn.
SLICE_SECONDS = 2.0


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


def _store_page(
    connection_id: uuid.UUID, page: ApiPage[JobRecord], *, began: datetime | None
) -> None:
    """Store a page and the place to resume from; ``began`` is given for a run's first page."""
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.jobs_page_id = page.next_page_id
        connection.jobs_run_at = began or connection.jobs_run_at
        store_jobs(connection_id, page)


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
