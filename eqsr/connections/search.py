"""Finding a SmartRecruiters job and its stages for the Connect dialog."""

import re
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import case, select

from eqsr.connections.clients import client_for
from eqsr.connections.folding import fold
from eqsr.connections.mirror import mirror_job
from eqsr.connections.models import AtsJob, Connection, ConnectionState, HiringStage
from eqsr.db import db
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import SmartRecruitersError

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


def search_jobs(connection_id: uuid.UUID, text: str, limit: int = 20) -> list[AtsJob]:
    """Mirrored jobs whose id, reference or title together hold every word of ``text``.

    Case and accents don't count. First a job whose whole id or reference it is, then titles that
    begin with it, then those updated last. An empty text finds the jobs updated last.
    """
    words = fold(text[:MAX_TEXT]).split()[:MAX_WORDS]
    whole = " ".join(words)
    query = (
        select(AtsJob)
        .where(AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None))
        .where(*(AtsJob.search.contains(word, autoescape=True) for word in words))
        .limit(limit)
    )
    latest = (AtsJob.updated_on.desc().nulls_last(), AtsJob.id)
    if not words:
        return list(db.session.scalars(query.order_by(*latest)))
    rank = case(
        # search holds title, reference and id, each ended by a line break.
        (AtsJob.search.contains(f"\n{whole}\n", autoescape=True), 0),
        (AtsJob.search.startswith(whole, autoescape=True), 1),
        else_=2,
    )
    return list(db.session.scalars(query.order_by(rank, *latest)))


def find_job(connection: Connection, text: str) -> AtsJob | None:
    """The job whose id is in ``text``, a pasted UUID or an address that has one; one that is
    not mirrored is fetched now. None when there is no id in it or no such job.

    Raises SmartRecruitersError and NotConnected.
    """
    found = _UUID.search(text)
    if not found:
        return None
    ats_id = found.group().lower()
    known = mirrored_job(connection.id, AtsJob.ats_id == ats_id)
    return known or mirror_job(connection.id, ats_id, for_page=True)


def has_id(text: str) -> bool:
    """``text`` names a job by its id, so that ``find_job`` is the one to ask."""
    return _UUID.search(text) is not None


def job_with(connection_id: uuid.UUID, job_id: uuid.UUID) -> AtsJob | None:
    """A job of this connection by our own id, unless it is gone from SmartRecruiters."""
    return mirrored_job(connection_id, AtsJob.id == job_id)


def mirrored_job(connection_id: uuid.UUID, condition) -> AtsJob | None:
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

    ``error`` is what stopped the counting: Throttled (go on in a moment) or worse.
    """

    numbers: dict[uuid.UUID, int]
    error: Exception | None = None


def counts_in_stage(
    connection: Connection,
    ats_job: AtsJob,
    wanted: Sequence[HiringStage],
    seconds: float = COUNTING_SECONDS,
) -> Counts:
    """Count for about ``seconds``, whole statuses at a time, in the order given.

    SmartRecruiters counts a status with all its sub-statuses, so those without one are the rest.
    Its answer leaves out candidates who have moved to another job since (it tells the primary
    assignment only), and that is good enough for an orientation. Never raises.
    """
    numbers: dict[uuid.UUID, int] = {}
    deadline = time.monotonic() + seconds
    try:
        client = client_for(connection, for_page=True)
        for status, group in groupby(wanted, lambda stage: stage.status):
            if time.monotonic() > deadline:
                break
            numbers |= _count_status(client, ats_job.ats_id, status, list(group))
    except Exception as error:
        return Counts(numbers, error)
    return Counts(numbers)
