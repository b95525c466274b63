"""How many people are in one stage now, as SmartRecruiters tells."""

import logging
from dataclasses import dataclass
from datetime import datetime

from eqsr.connections import search
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import Throttled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Present:
    """``now`` people are in the stage; at most ``recent`` came since a moment: SmartRecruiters
    tells who changed in any way since then. None: not known. ``busy``: it may be a moment later."""

    now: int | None = None
    recent: int | None = None
    busy: bool = False


def present(
    connection: Connection, ats_job: AtsJob, stage: HiringStage, since: datetime
) -> Present:
    """Never raises for SmartRecruiters' sake: a number is an orientation."""
    subs = [
        one.sub_status
        for one in search.stages(connection.id)
        if one.status == stage.status and one.sub_status and not stage.sub_status
    ]
    try:
        client = client_for(connection, for_page=True)
        there = _count(client, ats_job, stage, subs, None)
        recent = _count(client, ats_job, stage, subs, since) if there else there
    except Throttled:
        return Present(busy=True)
    except search.OUT_OF_REACH as error:
        log.warning("nobody is counted: %s", error, extra={"connection": connection.id})
        return Present()
    return Present(there, recent if there is None or recent is None else min(recent, there))


def _count(
    client: SmartRecruiters,
    ats_job: AtsJob,
    stage: HiringStage,
    subs: list[str],
    since: datetime | None,
) -> int | None:
    """A status is counted together with its sub-statuses, so those are taken off."""
    total = client.candidates_page(
        ats_job.ats_id, stage.status, stage.sub_status or None, updated_after=since, limit=1
    ).total
    for sub_status in subs if total else ():
        part = client.candidates_page(
            ats_job.ats_id, stage.status, sub_status, updated_after=since, limit=1
        ).total
        if part is None:
            return None
        total = max(0, total - part)
    return total
