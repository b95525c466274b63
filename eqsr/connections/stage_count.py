"""Count the candidates of one stage, all and recent ones, while a person waits."""

import logging
from dataclasses import dataclass
from datetime import datetime

from eqsr.connections import job_lookup
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.outages import Throttled

log = logging.getLogger(__name__)


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
        for one in job_lookup.stages(connection.id)
        if one.status == stage.status and one.sub_status and not stage.sub_status
    ]
    try:
        client = client_for(connection, for_page=True)
        there = _count_bare(client, ats_job, stage, subs, None)
        recent = _count_bare(client, ats_job, stage, subs, since) if there else there
    except Throttled:
        return Present(busy=True)
    except job_lookup.OUT_OF_REACH as error:
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
