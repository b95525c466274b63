"""Store jobs of SmartRecruiters as rows of the mirror."""

import uuid
from datetime import UTC, datetime
from typing import Any

from eqsr.connections.mirror_rows import upsert
from eqsr.connections.models import AtsJob
from eqsr.connections.search_text import search_text
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.smartrecruiters.types.jobs import JobRecord
from eqsr.smartrecruiters.types.lists import ApiPage

# Stored for an unknown date: databases disagree on where to sort NULL.
UNKNOWN_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def store_jobs(connection_id: uuid.UUID, page: ApiPage[JobRecord]) -> None:
    """Insert or update a page of jobs."""
    # While the list shifts, a page may hold a job twice. Sorted, so that writers can't deadlock.
    rows = {job.ats_id: job_row(connection_id, job) for job in page.items}
    with transaction() as session:
        upsert(session, AtsJob, [rows[key] for key in sorted(rows)], ["connection_id", "ats_id"])


def job_row(connection_id: uuid.UUID, job: JobRecord) -> dict[str, Any]:
    """Return the values of a job's row."""
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
