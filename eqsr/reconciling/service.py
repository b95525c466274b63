"""Reconciling: SmartRecruiters is compared with what we know, and differences are mended."""

import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update

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
# Everybody in every watched stage is looked at again, whether or not anything seems changed.
THOROUGH_INTERVAL = timedelta(hours=24)
# A sweep that did not end in this time is taken to be stuck, and another one is begun.
STUCK = timedelta(hours=2)
# Longer than anything asks about a sweep.
KEEP_SWEEPS = timedelta(days=30)
PURGE_BATCH = 10_000
# People, events or results that one sweep may look at.
MAX_SWEEP_PAGES = 200_000
# The next page of a list that has no page ids: what was looked at leaves it.
MORE = "more"
# The work that does one page of a sweep.
PAGE_WORK = {
    SweepKind.CALLBACKS: WorkKind.SWEEP_CALLBACKS,
    SweepKind.STAGE: WorkKind.SWEEP_STAGE,
    SweepKind.RESULTS: WorkKind.SWEEP_RESULTS,
}

log = logging.getLogger(__name__)


def begin(connection_id: uuid.UUID, *, thorough: bool | None = None) -> int:
    """Begin the sweeps of a connection; how many. Joins no sweep of the same place that is still
    going on. ``thorough`` None: where the last thorough one was long enough ago."""
    with transaction() as session:
        connection = connections.get(connection_id)
        if connection is None or connection.state is not ConnectionState.ACTIVE:
            return 0
        sweeps = []
        for kind, link_id in _places(connection):
            here = _here(connection_id, kind, link_id)
            if _any(here, Sweep.ended_at.is_(None), Sweep.started_at > now() - STUCK):
                continue
            lately = _any(here, Sweep.thorough, Sweep.started_at > now() - THOROUGH_INTERVAL)
            facts = {"connection_id": connection_id, "kind": kind, "stage_link_id": link_id}
            sweeps.append(Sweep(**facts, thorough=not lately if thorough is None else thorough))
        session.add_all(sweeps)
        session.flush()
        for sweep in sweeps:
            enqueue_page(sweep)
        session.execute(
            update(Connection).where(Connection.id == connection_id).values(reconciled_at=now())
        )
        return len(sweeps)


def begin_job(job: Job) -> int:
    """Look at everybody in the stages that the job watches, and read stages and jobs again; how
    many sweeps were begun. Joins no sweep of the same stage that is still going on."""
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
    """Look at everybody who is in this stage now, thoroughly; joins the transaction."""
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
    """The first look at everybody in the stage since it was connected."""
    return db.session.scalar(
        select(Sweep)
        .where(Sweep.stage_link_id == link.id, Sweep.started_at >= link.since)
        .order_by(Sweep.started_at)
        .limit(1)
    )


def begin_due() -> None:
    """Begin where the last time was long enough ago; called by the clock, and so also as soon as
    we are back after having been away."""
    for connection_id in connections.working_ids():
        last = db.session.scalar(
            select(Connection.reconciled_at).where(Connection.id == connection_id)
        )
        if last is None or now() - last > INTERVAL:
            begin(connection_id)


def get(sweep_id: uuid.UUID) -> Sweep | None:
    """None once it was given up or forgotten."""
    return db.session.get(Sweep, sweep_id, populate_existing=True)


def enqueue_page(sweep: Sweep) -> None:
    enqueue(PAGE_WORK[sweep.kind], sweep.id, connection_id=sweep.connection_id, once=True)


def turn_page(sweep_id: uuid.UUID, page: str | None, looked_at: int, found: int) -> None:
    """One page is done; the next one is written down, or the sweep has ended. Pages that go round
    in circles end it too."""
    with transaction() as session:
        sweep = session.get(Sweep, sweep_id, populate_existing=True)
        sweep.looked_at += looked_at
        sweep.found += found
        if page is not None and (sweep.looked_at > MAX_SWEEP_PAGES or page == sweep.page != MORE):
            log.error("the pages do not end", extra={"sweep": sweep_id})
            page = None
        sweep.page = page
        if page is None:
            sweep.ended_at = now()
        else:
            enqueue_page(sweep)


def cut_short(sweep_id: uuid.UUID) -> None:
    """SmartRecruiters no longer knows the page to go on with. What is left is for the next sweep,
    which is thorough if this one was."""
    with transaction() as session:
        sweep = session.get(Sweep, sweep_id, populate_existing=True)
        sweep.ended_at = now()
        sweep.page = None
        sweep.thorough = False


def give_up(sweep_id: uuid.UUID) -> None:
    """SmartRecruiters did not answer: the next sweep of this place begins at its time. One of the
    callbacks log leaves no trace, as the next one looks back to the last that ended."""
    sweep = get(sweep_id)
    if sweep.kind is not SweepKind.CALLBACKS:
        cut_short(sweep_id)
        return
    with transaction() as session:
        session.execute(delete(Sweep).where(Sweep.id == sweep_id))


def last_begun(connection_id: uuid.UUID, kind: SweepKind) -> datetime | None:
    """When the latest sweep of this kind that has ended began."""
    return db.session.scalar(
        select(func.max(Sweep.started_at))
        .where(Sweep.connection_id == connection_id, Sweep.kind == kind)
        .where(Sweep.ended_at.is_not(None))
    )


def latest(connection_id: uuid.UUID) -> dict:
    """Of the last 24 hours, for the connection page: when the last sweep ended, what they looked
    at, what they found, and how many are going on."""
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
    """Delete the sweeps of long ago; their number."""
    some = select(Sweep.id).where(Sweep.started_at < now() - KEEP_SWEEPS).limit(PURGE_BATCH)
    with transaction() as session:
        return session.execute(delete(Sweep).where(Sweep.id.in_(some))).rowcount


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
    """Is a sweep one of this place?"""
    same_link = Sweep.stage_link_id.is_not_distinct_from(link_id)
    return and_(Sweep.connection_id == connection_id, Sweep.kind == kind, same_link)


def _any(*conditions: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Sweep.id).where(*conditions).limit(1)) is not None
