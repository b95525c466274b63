"""Search mirrored SmartRecruiters jobs for the Connect dialog."""

import uuid

from sqlalchemy import Select, select

from eqsr.connections.models import AtsJob
from eqsr.core.db import db
from eqsr.core.folding import folded

MAX_JOBS = 20
MAX_TEXT = 200
MAX_WORDS = 8


def search_jobs(connection_id: uuid.UUID, text: str, limit: int = MAX_JOBS) -> list[AtsJob]:
    """Return up to ``limit`` mirrored jobs that contain every word of ``text``.

    Words may be in id, reference or title; case and accents are ignored. Order: an exact id,
    reference or title, then titles that start with ``text``, then the latest update. An empty text
    returns the jobs updated last.
    """
    words = folded(text[:MAX_TEXT]).split()[:MAX_WORDS]
    whole = " ".join(words)
    # The index ix_ats_job_recent covers this query: it is scanned until ``limit`` are found.
    latest = (
        select(AtsJob.id, AtsJob.search)
        .where(AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None))
        .order_by(AtsJob.updated_on.desc())
        .limit(limit)
    )
    every_word = (AtsJob.search.contains(word, autoescape=True) for word in words)
    found = dict(_pairs(latest.where(*every_word)))
    if words and len(found) == limit:
        # The scan stopped early, so better matches may lie further on.
        exact = latest.where(AtsJob.search.contains(f"\n{whole}\n", autoescape=True))
        begins = latest.where(AtsJob.search.startswith(whole, autoescape=True))
        found = dict(_pairs(exact)) | dict(_pairs(begins)) | found
    best = sorted(found, key=lambda job_id: _rank(found[job_id], whole))[:limit]
    jobs = db.session.scalars(select(AtsJob).where(AtsJob.id.in_(best)))
    return sorted(jobs, key=lambda job: best.index(job.id))


def _pairs(query: Select[uuid.UUID, str]) -> list[tuple[uuid.UUID, str]]:
    return [(job_id, searched) for job_id, searched in db.session.execute(query)]


def _rank(searched: str, whole: str) -> int:
    """0 for an exact match of a line, 1 for a title that starts with it, else 2."""
    # The column holds title, reference and id, each followed by a line break.
    if f"\n{whole}\n" in searched:
        return 0
    return 1 if searched.startswith(whole) else 2
