"""The SQL statements by which a row of work is claimed and its outcome recorded."""

from sqlalchemy import and_, bindparam, or_, select, update

from eqsr.core.inserts import table_of
from eqsr.outbox.models import Work, WorkState

work_table = table_of(Work)
_row = work_table.c
_free = and_(
    _row.id == bindparam("work_id"),
    or_(
        and_(_row.state == WorkState.DUE, _row.due_at <= bindparam("moment")),
        and_(_row.state == WorkState.RUNNING, _row.lease_until < bindparam("moment")),
    ),
)
TAKE = (
    update(work_table)
    .where(_free)
    .values(
        state=WorkState.RUNNING,
        claims=_row.claims + 1,
        lease_until=bindparam("lease"),
        open_key=None,
        dispatched_at=None,
    )
    .returning(_row.id, _row.claims, _row.kind, _row.subject_id, _row.failures, _row.connection_id)
)
LEAVE = update(work_table).where(_free).values(due_at=bindparam("later"), dispatched_at=None)
_wanted = select(_row.kind, _row.subject_id).where(_row.id == bindparam("work_id")).subquery()
SIBLINGS = (
    select(_row.id, _row.state, _row.lease_until)
    .join(_wanted, and_(_row.kind == _wanted.c.kind, _row.subject_id == _wanted.c.subject_id))
    .where(_row.state.in_((WorkState.DUE, WorkState.RUNNING)))
    .order_by(_row.id)
    .with_for_update(of=work_table)
)
# The fence: only the latest claim may record an outcome.
held = and_(
    _row.id == bindparam("work_id"),
    _row.claims == bindparam("number"),
    _row.state == WorkState.RUNNING,
)
DONE = (
    update(work_table)
    .where(held)
    .values(
        state=WorkState.DONE,
        ended_at=bindparam("moment"),
        last_error=None,
        lease_until=None,
        dispatched_at=None,
    )
)
