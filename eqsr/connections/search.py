"""Finding a SmartRecruiters job and its stages for the Connect dialog."""

import logging
import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from eqsr.connections.clients import NotConnected, client_for
from eqsr.connections.mirror import mirror_job
from eqsr.connections.models import AtsJob, Connection, ConnectionState, HiringStage
from eqsr.connections.search_text import normalise
from eqsr.core.db import db
from eqsr.core.security import DecryptionError
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import SmartRecruitersError, Throttled

log = logging.getLogger(__name__)

# SmartRecruiters can't be asked now, or not by us.
OUT_OF_REACH = (SmartRecruitersError, NotConnected, DecryptionError)

MAX_JOBS = 20
MAX_TEXT = 200
MAX_WORDS = 8
# Seconds of a request that may go into counting; the rest is counted by the next one.
COUNTING_SECONDS = 1.5

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def connection_of(organisation_id: uuid.UUID) -> Connection | None:
    """The organisation's connection if jobs can be connected through it, also while it needs
    attention: the mirror still works, and moves are caught up with."""
    usable = (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)
    return db.session.scalar(
        select(Connection).where(
            Connection.organisation_id == organisation_id, Connection.state.in_(usable)
        )
    )


def search_jobs(connection_id: uuid.UUID, text: str, limit: int = MAX_JOBS) -> list[AtsJob]:
    """Mirrored jobs whose id, reference or title together hold every word of ``text``.

    Case and accents don't count. First a job whose whole id or reference it is, then titles that
    begin with it, then those updated last. An empty text finds the jobs updated last.
    """
    words = normalise(text[:MAX_TEXT]).split()[:MAX_WORDS]
    whole = " ".join(words)
    # ix_ats_job_recent holds all of this: it is walked until ``limit`` are found.
    latest = (
        select(AtsJob.id, AtsJob.search)
        .where(AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None))
        .order_by(AtsJob.updated_on.desc())
        .limit(limit)
    )
    every_word = (AtsJob.search.contains(word, autoescape=True) for word in words)
    found = dict(_pairs(latest.where(*every_word)))
    if words and len(found) == limit:
        # Better ones may be among those that were not reached.
        exact = latest.where(AtsJob.search.contains(f"\n{whole}\n", autoescape=True))
        begins = latest.where(AtsJob.search.startswith(whole, autoescape=True))
        found = dict(_pairs(exact)) | dict(_pairs(begins)) | found
    best = sorted(found, key=lambda job_id: _rank(found[job_id], whole))[:limit]
    jobs = db.session.scalars(select(AtsJob).where(AtsJob.id.in_(best)))
    return sorted(jobs, key=lambda job: best.index(job.id))


def _pairs(query: Select[tuple[uuid.UUID, str]]) -> list[tuple[uuid.UUID, str]]:
    return [(job_id, searched) for job_id, searched in db.session.execute(query)]


def _rank(searched: str, whole: str) -> int:
    # The column holds title, reference and id, each ended by a line break.
    if f"\n{whole}\n" in searched:
        return 0
    return 1 if searched.startswith(whole) else 2


def find_job(connection: Connection, text: str) -> AtsJob | None:
    """The job whose id is in ``text``, a pasted UUID or an address that has one; one that is
    not mirrored is fetched now. None when there is no id in it or no such job.

    Raises OUT_OF_REACH.
    """
    found = _UUID.search(text)
    if not found:
        return None
    ats_id = found.group().lower()
    known = _mirrored(connection.id, AtsJob.ats_id == ats_id)
    return known or mirror_job(connection.id, ats_id, for_page=True)


def has_id(text: str) -> bool:
    """``text`` names a job by its id, so that ``find_job`` is the one to ask."""
    return _UUID.search(text) is not None


def job_with(connection_id: uuid.UUID, job_id: uuid.UUID) -> AtsJob | None:
    """A job of this connection by our own id, unless it is gone from SmartRecruiters."""
    return _mirrored(connection_id, AtsJob.id == job_id)


def _mirrored(connection_id: uuid.UUID, condition: ColumnElement[bool]) -> AtsJob | None:
    return db.session.scalar(
        select(AtsJob).where(
            AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None), condition
        )
    )


def stages(connection_id: uuid.UUID) -> list[HiringStage]:
    """The stages that exist in SmartRecruiters now, in pipeline order."""
    return list(
        db.session.scalars(
            select(HiringStage)
            .where(HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None))
            .order_by(HiringStage.position)
        )
    )


@dataclass(frozen=True)
class Counts:
    """How many candidates are in a stage now, by stage id; what is missing is not known.

    ``rest``: stages not asked about for lack of time. ``failed``: asking again makes no sense.
    """

    numbers: dict[uuid.UUID, int]
    rest: list[HiringStage]
    failed: bool = False


def counts_in_stage(
    connection: Connection,
    ats_job: AtsJob,
    wanted: Sequence[HiringStage],
    seconds: float = COUNTING_SECONDS,
) -> Counts:
    """Count for about ``seconds``, a status with its sub-statuses at a time, in the order given.

    Never raises for SmartRecruiters' sake: a number is an orientation, and nothing waits for it.
    """
    numbers: dict[uuid.UUID, int] = {}
    rest = list(wanted)
    deadline = time.monotonic() + seconds
    try:
        client = client_for(connection, for_page=True)
        while rest and time.monotonic() < deadline:
            group = [stage for stage in rest if stage.status == rest[0].status]
            numbers |= _count_status(client, ats_job.ats_id, group)
            rest = rest[len(group) :]
    except Throttled:
        return Counts(numbers, rest)
    except OUT_OF_REACH as error:
        log.warning("stages are not counted: %s", error, extra={"connection": connection.id})
        return Counts(numbers, rest, failed=True)
    return Counts(numbers, rest)


def _count_status(
    client: SmartRecruiters, job_id: str, group: list[HiringStage]
) -> dict[uuid.UUID, int]:
    """SmartRecruiters counts a status together with all its sub-statuses, so those who are in
    the bare status are what the sub-statuses leave over."""
    numbers: dict[uuid.UUID, int] = {}
    left = client.candidates_page(job_id, group[0].status, limit=1).total
    # Usually nobody is there: then no sub-status has to be asked about.
    for stage in (stage for stage in group if stage.sub_status):
        found = 0 if left == 0 else _count(client, job_id, stage)
        if found is not None:
            numbers[stage.id] = found
        left = None if left is None or found is None else max(0, left - found)
    bare = next((stage for stage in group if not stage.sub_status), None)
    if bare is not None and left is not None:
        numbers[bare.id] = left
    return numbers


def _count(client: SmartRecruiters, job_id: str, stage: HiringStage) -> int | None:
    return client.candidates_page(job_id, stage.status, stage.sub_status, limit=1).total
