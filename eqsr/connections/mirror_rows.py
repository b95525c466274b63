"""Write the rows of mirrored jobs and stages."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eqsr.connections.models import AtsJob, HiringStage
from eqsr.core.clock import now
from eqsr.core.inserts import table_of


def mark_unseen(
    session: Session,
    model: type[AtsJob] | type[HiringStage],
    connection_id: uuid.UUID,
    since: datetime,
    gone_at: datetime | None = None,
) -> None:
    """Set ``gone_at`` (default: now) on the connection's rows not seen since ``since``."""
    session.execute(
        update(model)
        .where(model.connection_id == connection_id, model.gone_at.is_(None), model.seen_at < since)
        .values(gone_at=gone_at or now())
    )


def upsert(
    session: Session,
    model: type[AtsJob] | type[HiringStage],
    rows: list[dict[str, Any]],
    key: list[str],
    only_new: tuple[str, ...] = (),
) -> None:
    """Insert rows, or update those with the same ``key``, except for the columns ``only_new``."""
    if not rows:
        return
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    statement = dialect.insert(table_of(model)).values(rows)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in (*key, *only_new)}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh))
