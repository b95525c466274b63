"""Count the candidates in each stage of a job, by asking SmartRecruiters while a person waits."""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.connections import job_lookup
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.outages import Throttled

log = logging.getLogger(__name__)

# Seconds of one request that may go into counting; the next request counts the rest.
COUNTING_SECONDS = 1.5


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
    except job_lookup.OUT_OF_REACH as error:
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
