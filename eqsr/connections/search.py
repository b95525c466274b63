"""Find mirrored SmartRecruiters jobs and stages for the Connect dialog."""

import re
import uuid

from sqlalchemy import ColumnElement, Select, select

from eqsr.connections.clients import NotConnected
from eqsr.connections.mirror import mirror_job
from eqsr.connections.models import AtsJob, Connection, ConnectionState, HiringStage
from eqsr.connections.search_text import normalise
from eqsr.core.db import db
from eqsr.core.security import DecryptionError
from eqsr.smartrecruiters.errors import SmartRecruitersError

# Errors after which the dialog falls back to the local mirror.
OUT_OF_REACH = (SmartRecruitersError, NotConnected, DecryptionError)

MAX_JOBS = 20
MAX_TEXT = 200
MAX_WORDS = 8

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def connection_of(organisation_id: uuid.UUID) -> Connection | None:
    """Return the organisation's connection if jobs can be connected through it, else None.

    One that needs attention counts too: the mirror still works, and missed moves are found later.
    """
    usable = (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)
    return db.session.scalar(
        select(Connection).where(
            Connection.organisation_id == organisation_id, Connection.state.in_(usable)
        )
    )


def search_jobs(connection_id: uuid.UUID, text: str, limit: int = MAX_JOBS) -> list[AtsJob]:
    """Return up to ``limit`` mirrored jobs that contain every word of ``text``.

    Words may be in id, reference or title; case and accents are ignored. Order: an exact id,
    reference or title, then titles that start with ``text``, then the latest update. An empty text
    returns the jobs updated last.
    """
    words = normalise(text[:MAX_TEXT]).split()[:MAX_WORDS]
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


def find_job(connection: Connection, text: str) -> AtsJob | None:
    """Return the job whose id (a UUID, perhaps within a pasted address) is in ``text``.

    A job that is not mirrored yet is fetched. None if there is no id or no such job. Raises
    OUT_OF_REACH.
    """
    found = _UUID.search(text)
    if not found:
        return None
    ats_id = found.group().lower()
    known = _mirrored(connection.id, AtsJob.ats_id == ats_id)
    return known or mirror_job(connection.id, ats_id, for_page=True)


def has_id(text: str) -> bool:
    """Does ``text`` contain a job's id, as ``find_job`` needs?"""
    return _UUID.search(text) is not None


def job_with(connection_id: uuid.UUID, job_id: uuid.UUID) -> AtsJob | None:
    """Return this connection's job by our own id; None if it is gone from SmartRecruiters."""
    return _mirrored(connection_id, AtsJob.id == job_id)


def _mirrored(connection_id: uuid.UUID, condition: ColumnElement[bool]) -> AtsJob | None:
    return db.session.scalar(
        select(AtsJob).where(
            AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None), condition
        )
    )


def stages(connection_id: uuid.UUID) -> list[HiringStage]:
    """Return the stages that exist in SmartRecruiters now, in pipeline order."""
    return list(
        db.session.scalars(
            select(HiringStage)
            .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
            .order_by(HiringStage.position)
        )
    )
