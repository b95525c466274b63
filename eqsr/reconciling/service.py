"""Sweeps: beginning them, going on page by page, ending them, and what they found."""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, select, update

from eqsr.connections import service as connections
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job, StageLink
from eqsr.jobs.stage_links import watched_links
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.reconciling.models import Sweep, SweepKind

INTERVAL = timedelta(minutes=15)
# How often everyone in every watched stage is checked, whether or not anything seems changed.
THOROUGH_INTERVAL = timedelta(hours=24)
# A sweep that has not ended after this time counts as stuck, and another one may begin.
STUCK = timedelta(hours=2)
# No page shows older sweeps.
KEEP_SWEEPS = timedelta(days=30)
PURGE_BATCH = 10_000
# A sweep that has read more people, events or results than this is ended.
MAX_LOOKED_AT = 200_000
# The next page of a list without page ids: items leave that list once they were looked at.
MORE = "more"
# The work that does one page of a sweep.
PAGE_WORK = {
    SweepKind.CALLBACKS: WorkKind.SWEEP_CALLBACKS,
    SweepKind.STAGE: WorkKind.SWEEP_STAGE,
    SweepKind.RESULTS: WorkKind.SWEEP_RESULTS,
}

log = logging.getLogger(__name__)


def begin(connection_id: uuid.UUID, *, thorough: bool | None = None) -> int:
    """Begin the sweeps of a connection; return how many.

    A place whose last sweep is still running is left out. With ``thorough`` None, a sweep is
    thorough if the last thorough one of its place is older than THOROUGH_INTERVAL.
    """
    with transaction() as session:
        connection = connections.get(connection_id)
        if connection is None or connection.state is not ConnectionState.ACTIVE:
            return 0
        sweeps = []
        for kind, link_id in _places(connection):
            here = _here(connection_id, kind, link_id)
            if _any(here, Sweep.ended_at.is_(None), Sweep.started_at > now() - STUCK):
                continue
            recent = Sweep.started_at > now() - THOROUGH_INTERVAL
            due = not _any(here, Sweep.thorough.is_(True), recent)
            sweeps.append(
                Sweep(
                    connection_id=connection_id,
                    kind=kind,
                    stage_link_id=link_id,
                    thorough=due if thorough is None else thorough,
                )
            )
        session.add_all(sweeps)
        session.flush()
        for sweep in sweeps:
            enqueue_page(sweep)
        session.execute(
            update(Connection).where(Connection.id == connection_id).values(reconciled_at=now())
        )
        return len(sweeps)


def begin_job(job: Job) -> int:
    """Begin thorough sweeps of the job's stages, and read stages and jobs again.

    Returns how many sweeps were begun. A stage whose last sweep is still running is left out.
    """
    with transaction():
        begun = 0
        for link in job.active_links:
            connection = connections.get(link.ats_job.connection_id)
            if connection is None or connection.state is not ConnectionState.ACTIVE:
                continue
            connections.request_everything(connection.id)
            here = _here(connection.id, SweepKind.STAGE, link.id)
            if not _any(here, Sweep.ended_at.is_(None), Sweep.started_at > now() - STUCK):
                begin_stage(link)
                begun += 1
        return begun


def begin_stage(link: StageLink) -> Sweep:
    """Begin a thorough sweep of everyone in the stage. Joins the transaction."""
    with transaction() as session:
        sweep = Sweep(
            connection_id=link.ats_job.connection_id,
            kind=SweepKind.STAGE,
            stage_link_id=link.id,
            thorough=True,
        )
        session.add(sweep)
        session.flush()
        enqueue_page(sweep)
        return sweep


def stage_sweep(link: StageLink) -> Sweep | None:
    """The first sweep of the stage since it was connected, or None."""
    return db.session.scalar(
        select(Sweep)
        .where(Sweep.stage_link_id == link.id, Sweep.started_at >= link.since)
        .order_by(Sweep.started_at)
        .limit(1)
    )


def begin_due() -> None:
    """Begin the sweeps of every connection whose last ones began more than INTERVAL ago."""
    for connection_id in connections.working_ids():
        last = db.session.scalar(
            select(Connection.reconciled_at).where(Connection.id == connection_id)
        )
        if last is None or now() - last > INTERVAL:
            begin(connection_id)


def get(sweep_id: uuid.UUID) -> Sweep | None:
    """The sweep as it is in the database now; None once it was deleted."""
    return db.session.get(Sweep, sweep_id, populate_existing=True)


def load(sweep_id: uuid.UUID) -> Sweep:
    """The sweep as it is in the database now. Raises NoResultFound if it was deleted."""
    return db.session.get_one(Sweep, sweep_id, populate_existing=True)


def connection_of(sweep: Sweep) -> Connection:
    """The sweep's connection as it is in the database now."""
    return db.session.get_one(Connection, sweep.connection_id, populate_existing=True)


def enqueue_page(sweep: Sweep) -> None:
    """Enqueue the sweep's next page. Joins the transaction."""
    enqueue(PAGE_WORK[sweep.kind], sweep.id, connection_id=sweep.connection_id, once=True)


def turn_page(sweep_id: uuid.UUID, page: str | None, looked_at: int, found: int) -> None:
    """Record that a page is done, and enqueue the next one or end the sweep.

    ``page``: where the next page begins; None at the end. ``looked_at`` and ``found`` are added to
    the sweep's. A sweep whose pages go round in circles is ended too.
    """
    with transaction():
        sweep = load(sweep_id)
        sweep.looked_at += looked_at
        sweep.found += found
        if page is not None and (sweep.looked_at > MAX_LOOKED_AT or page == sweep.page != MORE):
            log.error("the pages do not end", extra={"sweep": sweep_id})
            page = None
        sweep.page = page
        if page is None:
            sweep.ended_at = now()
        else:
            enqueue_page(sweep)


def cut_short(sweep_id: uuid.UUID) -> None:
    """End a sweep whose next page SmartRecruiters no longer knows; the next sweep finds the rest.

    The sweep does not count as thorough any more, so that the next one is thorough if it was.
    """
    with transaction():
        sweep = load(sweep_id)
        sweep.ended_at = now()
        sweep.page = None
        sweep.thorough = False


def give_up(sweep_id: uuid.UUID) -> None:
    """End a sweep that failed for good; the next one of its place begins at the usual time.

    A sweep of the callbacks log is deleted, as the next one reads back to the last that has ended.
    """
    sweep = load(sweep_id)
    if sweep.kind is not SweepKind.CALLBACKS:
        cut_short(sweep_id)
        return
    with transaction() as session:
        session.execute(delete(Sweep).where(Sweep.id == sweep_id))


def last_begun(connection_id: uuid.UUID, kind: SweepKind) -> datetime | None:
    """When the latest sweep of this kind that has ended began; None if there is none."""
    return db.session.scalar(
        select(func.max(Sweep.started_at))
        .where(Sweep.connection_id == connection_id, Sweep.kind == kind)
        .where(Sweep.ended_at.is_not(None))
    )


def latest(connection_id: uuid.UUID) -> dict[str, Any]:
    """The sweeps of the last 24 hours, for the connection page.

    ``ended_at``: when the last one ended. ``looked_at`` and ``found``: sums. ``going_on``: how many
    are running.
    """
    ended = select(
        func.max(Sweep.ended_at), func.sum(Sweep.looked_at), func.sum(Sweep.found)
    ).where(Sweep.connection_id == connection_id, Sweep.started_at > now() - timedelta(days=1))
    going_on = select(func.count()).where(
        Sweep.connection_id == connection_id,
        Sweep.ended_at.is_(None),
        Sweep.started_at > now() - STUCK,
    )
    last, looked_at, found = db.session.execute(ended).one()
    return {
        "ended_at": last,
        "looked_at": looked_at or 0,
        "found": found or 0,
        "going_on": db.session.scalar(going_on),
    }


def forget_old() -> int:
    """Delete up to PURGE_BATCH sweeps older than KEEP_SWEEPS; return how many."""
    some = select(Sweep.id).where(Sweep.started_at < now() - KEEP_SWEEPS).limit(PURGE_BATCH)
    with transaction() as session:
        deleted = session.execute(delete(Sweep).where(Sweep.id.in_(some)))
        return cast(CursorResult[Any], deleted).rowcount


def _places(connection: Connection) -> list[tuple[SweepKind, uuid.UUID | None]]:
    links: list[StageLink] = watched_links(connection.id)
    return [
        (SweepKind.CALLBACKS, None),
        *((SweepKind.STAGE, link.id) for link in links),
        (SweepKind.RESULTS, None),
    ]


def _here(
    connection_id: uuid.UUID, kind: SweepKind, link_id: uuid.UUID | None
) -> ColumnElement[bool]:
    """Condition: the sweep is of this place."""
    same_link = Sweep.stage_link_id.is_not_distinct_from(link_id)
    return and_(Sweep.connection_id == connection_id, Sweep.kind == kind, same_link)


def _any(*conditions: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Sweep.id).where(*conditions).limit(1)) is not None
