"""Go on with a sweep page by page, and end it."""

import logging
import uuid

from sqlalchemy import delete

from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.reconciling.models import Sweep, SweepKind

log = logging.getLogger(__name__)
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
