"""Delete work that was done long ago, and end work that waited too long."""

import logging
from datetime import timedelta

from sqlalchemy import and_, delete, select

from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.core.messages import N_
from eqsr.outbox.handlers import handler
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.schedule import every

log = logging.getLogger(__name__)
# Work that waits for a connection is given up after this long: nobody will repair it.
WAITS_AT_MOST = timedelta(days=90)
WAITED_TOO_LONG = N_("It waited 90 days for SmartRecruiters to be connected again.")
KEEP_DONE = timedelta(days=14)
PURGE_BATCH = 10_000
END_BATCH = 200


@every(seconds=600)
def forget_old() -> int:
    """Delete work that was done more than KEEP_DONE ago; returns how many rows. Dead work stays.

    At most PURGE_BATCH rows at a time, so that no other transaction waits for long.
    """
    before = now() - KEEP_DONE
    # A row is due before it is done, so the first condition is redundant; but due_at has an index.
    old = and_(Work.state == WorkState.DONE, Work.due_at < before, Work.ended_at < before)
    with transaction() as session:
        some = select(Work.id).where(old).limit(PURGE_BATCH)
        return row_count(session.execute(delete(Work).where(Work.id.in_(some))))


@every(seconds=3600)
def end_waiting() -> int:
    """Give up work that waited for its connection for WAITS_AT_MOST; returns how many rows.

    It is dead work then, told to who has to know, and can be retried.
    """
    before = now() - WAITS_AT_MOST
    with transaction() as session:
        rows = session.scalars(
            select(Work)
            .where(Work.state == WorkState.WAITING, Work.due_at < before)
            .order_by(Work.due_at)
            .limit(END_BATCH)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for row in rows:
            row.state, row.ended_at, row.last_error = WorkState.DEAD, now(), WAITED_TOO_LONG
            row.open_key = None
            known = handler(row.kind)
            if known is not None and known.on_dead:
                known.on_dead(row.subject_id, WAITED_TOO_LONG)
            log.warning("work is dead: it waited too long", extra={"work": str(row.id)})
        return len(rows)
