"""Count the candidates in stages, by asking SmartRecruiters while a person waits."""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eqsr.connections import search
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import Throttled

log = logging.getLogger(__name__)

# Seconds of one request that may go into counting; the next request counts the rest.
COUNTING_SECONDS = 1.5


@dataclass(frozen=True)
class Present:
    """Candidates in one stage: ``now``, and at most ``recent`` who came since a given moment.

    ``recent`` is an upper bound: SmartRecruiters counts everyone who changed in any way since then.
    None: not known. ``busy``: SmartRecruiters throttled us, so asking again soon may work.
    """

    now: int | None = None
    recent: int | None = None
    busy: bool = False


def present(
    connection: Connection, ats_job: AtsJob, stage: HiringStage, since: datetime
) -> Present:
    """Count a stage's candidates, all and those since ``since``. Never raises OUT_OF_REACH."""
    subs = [
        one.sub_status
        for one in search.stages(connection.id)
        if one.status == stage.status and one.sub_status and not stage.sub_status
    ]
    try:
        client = client_for(connection, for_page=True)
        there = _count_bare(client, ats_job, stage, subs, None)
        recent = _count_bare(client, ats_job, stage, subs, since) if there else there
    except Throttled:
        return Present(busy=True)
    except search.OUT_OF_REACH as error:
        log.warning("nobody is counted: %s", error, extra={"connection": connection.id})
        return Present()
    return Present(there, recent if there is None or recent is None else min(recent, there))


def _count_bare(
    client: SmartRecruiters,
    ats_job: AtsJob,
    stage: HiringStage,
    subs: list[str],
    since: datetime | None,
) -> int | None:
    """Count one stage. SmartRecruiters counts a status with its sub-statuses ``subs``: subtract
    these."""
    total = client.candidates_page(
        ats_job.ats_id, stage.status, stage.sub_status or None, updated_after=since, limit=1
    ).total
    for sub_status in subs:
        if not total:
            break
        part = client.candidates_page(
            ats_job.ats_id, stage.status, sub_status, updated_after=since, limit=1
        ).total
        if part is None:
            return None
        total = max(0, total - part)
    return total


@dataclass(frozen=True)
class Counts:
    """``numbers``: candidates now by stage id; a missing stage is not known.

    ``rest``: stages not counted for lack of time. ``failed``: asking again would not help.
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
    """Count the candidates in each stage, for about ``seconds``.

    One status with its sub-statuses at a time, in the order given. Never raises
    SmartRecruitersError: the numbers are only for orientation.
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
    except search.OUT_OF_REACH as error:
        log.warning("stages are not counted: %s", error, extra={"connection": connection.id})
        return Counts(numbers, rest, failed=True)
    return Counts(numbers, rest)


def _count_status(
    client: SmartRecruiters, job_id: str, group: list[HiringStage]
) -> dict[uuid.UUID, int]:
    """Count one status and its sub-statuses.

    SmartRecruiters counts a status with all its sub-statuses, so the bare status gets the rest.
    """
    numbers: dict[uuid.UUID, int] = {}
    left = client.candidates_page(job_id, group[0].status, limit=1).total
    # An empty status needs no calls for its sub-statuses.
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
