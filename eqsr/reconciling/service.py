"""Begin the sweeps of a connection, a job or a stage."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from eqsr.connections import service as connections
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job, StageLink
from eqsr.jobs.stage_links import watched_links
from eqsr.reconciling.history import STUCK
from eqsr.reconciling.models import Sweep, SweepKind
from eqsr.reconciling.progress import enqueue_page

INTERVAL = timedelta(minutes=15)
# How often everyone in every watched stage is checked, whether or not anything seems changed.
THOROUGH_INTERVAL = timedelta(hours=24)
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
            place = _here(connection_id, kind, link_id)
            if _any(place, Sweep.ended_at.is_(None), Sweep.started_at > now() - STUCK):
                continue
            recent = Sweep.started_at > now() - THOROUGH_INTERVAL
            due = not _any(place, Sweep.thorough.is_(True), recent)
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
            place = _here(connection.id, SweepKind.STAGE, link.id)
            if not _any(place, Sweep.ended_at.is_(None), Sweep.started_at > now() - STUCK):
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


def begin_due() -> None:
    """Begin the sweeps of every connection whose last ones began more than INTERVAL ago."""
    for connection_id in connections.working_ids():
        last = db.session.scalar(
            select(Connection.reconciled_at).where(Connection.id == connection_id)
        )
        if last is None or now() - last > INTERVAL:
            begin(connection_id)


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
