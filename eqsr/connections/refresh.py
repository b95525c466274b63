"""Refresh the mirror: read stages and changed jobs, every ten minutes and on request.

Two calls, so a person can wait for them. ``mirror_jobs`` reads the list of all jobs.
"""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from eqsr.connections import job_mirror, queries, service
from eqsr.connections.job_lookup import OUT_OF_REACH
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_
from eqsr.smartrecruiters.errors.base import SmartRecruitersError

log = logging.getLogger(__name__)

# Read changes from a little earlier: clocks differ, and a list may shift between its pages.
READ_OVERLAP = timedelta(minutes=15)
# Seconds for reading changed jobs; if they don't suffice, the list of all jobs is read instead.
WORKER_SECONDS = 10.0
PAGE_SECONDS = 2.0
# A second request within this time needs no second reading.
JUST_READ = timedelta(seconds=5)
# A person's request also reads the list of all jobs if it is older than this.
FULL_LIST_AGE = timedelta(minutes=10)

NOT_READ = N_("SmartRecruiters can't be asked at the moment. Tell your administrator.")


@dataclass(frozen=True)
class RefreshResult:
    """``read_at``: up to when jobs and stages are known. ``trouble``: why reading failed, a
    sentence to be translated, or ''. ``changed``: whether jobs or stages changed."""

    read_at: datetime | None
    trouble: str = ""
    changed: bool = False


def refresh(
    connection_id: uuid.UUID, *, for_page: bool = False, seconds: float = WORKER_SECONDS
) -> None:
    """Read stages, then the jobs that changed since the last time, within about ``seconds``.

    Raises SmartRecruitersError and NotConnected.
    """
    connection, began = queries.get(connection_id), now()
    if connection is None or connection.state not in service.WORKING:
        return
    since = connection.refreshed_at or connection.jobs_synced_at
    started = time.monotonic()
    mirror_stages(connection_id, for_page=for_page)
    left = max(0.0, seconds - (time.monotonic() - started))
    complete = since is not None and job_mirror.mirror_changed_jobs(
        connection_id, since - READ_OVERLAP, seconds=left, for_page=for_page
    )
    if not complete:
        service.request_mirror(connection_id)
        return
    with transaction() as session:
        this = update(Connection).where(Connection.id == connection_id)
        session.execute(this.values(refreshed_at=began))


def refresh_for_page(connection: Connection) -> RefreshResult:
    """Refresh while a person waits, unless that was just done. Never raises OUT_OF_REACH."""
    connection_id, began = connection.id, now()
    if connection.refreshed_at is not None and began - connection.refreshed_at < JUST_READ:
        return RefreshResult(read_at(connection))
    before, trouble = _known(connection_id), ""
    try:
        refresh(connection_id, for_page=True, seconds=PAGE_SECONDS)
    except OUT_OF_REACH as error:
        log.warning("not refreshed: %s", error, extra={"connection": connection_id})
        trouble = getattr(error, "sentence", NOT_READ)
        if isinstance(error, SmartRecruitersError) and error.fault == "connection":
            service.report(connection_id, error)
    fresh = queries.get_one(connection_id)
    if fresh.jobs_synced_at is None or began - fresh.jobs_synced_at > FULL_LIST_AGE:
        service.request_mirror(connection_id)
    return RefreshResult(read_at(fresh), trouble, _known(connection_id) != before)


def read_at(connection: Connection) -> datetime | None:
    """Return up to when jobs and stages are known, None if never read."""
    return max(filter(None, (connection.refreshed_at, connection.jobs_synced_at)), default=None)


def _known(connection_id: uuid.UUID) -> tuple[Any, ...]:
    """A snapshot of what lists show, to notice changes: number and newest of jobs, all stages."""
    jobs = select(func.count(), func.max(AtsJob.updated_on)).where(
        AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None)
    )
    stages = select(HiringStage.status, HiringStage.sub_status, HiringStage.position).where(
        HiringStage.connection_id == connection_id, HiringStage.gone_at.is_(None)
    )
    places = sorted(map(tuple, db.session.execute(stages)))
    return tuple(db.session.execute(jobs).one()), tuple(places)
