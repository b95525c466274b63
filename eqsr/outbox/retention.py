"""Delete work that was done long ago."""

from datetime import timedelta

from sqlalchemy import and_, delete, select

from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.outbox.models import Work, WorkState
from eqsr.outbox.schedule import every

KEEP_DONE = timedelta(days=14)
PURGE_BATCH = 10_000


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
