"""The data of the connection page."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eqsr.accounts.models import User
from eqsr.activity import history as activity_history
from eqsr.activity.models import Activity
from eqsr.connections import queries
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.db import db
from eqsr.outbox import status
from eqsr.outbox.models import Work
from eqsr.reconciling import history
from eqsr.screens.connection.problems import issues
from eqsr.screens.connection.scope_rows import ScopeRow, scope_row
from eqsr.screens.connection.work_problems import failures
from eqsr.teams import visibility
from eqsr.webhooks.models import EventSource, WebhookEvent


@dataclass(frozen=True)
class Overview:
    """Everything that the connection page shows.

    ``waiting``: how long the oldest due work has been due. ``counts``: work rows per state.
    ``tried`` and ``failed``: see work_problems.failures. ``compared``: see
    reconciling.history.latest.
    """

    connection: Connection
    checking: bool
    scopes: list[ScopeRow]
    last_event_at: datetime | None
    jobs: int
    waiting: timedelta
    counts: dict[str, int]
    failed: int
    tried: int
    compared: dict
    issues: list[str]
    dead: list[Work]
    activities: list[Activity]


def overview(viewer: User) -> Overview | None:
    """The overview for ``viewer``, without jobs that they may not see.

    None if the organisation has never connected.
    """
    connection = queries.of(viewer.organisation_id)
    if connection is None or connection.connected_at is None:
        return None
    jobs = visibility.visible_job_ids(viewer)
    mirrored = select(func.count()).where(
        AtsJob.connection_id == connection.id, AtsJob.gone_at.is_(None)
    )
    failed, tried = failures(connection.id)
    return Overview(
        connection=connection,
        checking=connection.checked_at is None,
        scopes=[scope_row(check) for check in connection.scopes],
        last_event_at=last_event_at(connection.id),
        jobs=db.session.scalars(mirrored).one(),
        waiting=timedelta(seconds=status.oldest_due_seconds(connection.id)),
        counts=status.counts(connection.id),
        failed=failed,
        tried=tried,
        compared=history.latest(connection.id),
        issues=issues(connection, jobs) if works(connection) else [],
        dead=status.dead(connection.id, limit=20),
        activities=[
            line
            for line in activity_history.of_connection(connection.id, limit=20)
            if line.job_id is None or line.job_id in jobs
        ],
    )


def last_event_at(connection_id: uuid.UUID) -> datetime | None:
    """When the last webhook arrived. Events found by reconciliation do not count."""
    query = select(func.max(WebhookEvent.received_at))
    told = (WebhookEvent.connection_id == connection_id, WebhookEvent.source == EventSource.WEBHOOK)
    return db.session.scalar(query.where(*told))


def works(connection: Connection) -> bool:
    """Whether the connection is in use (active, or needs attention)."""
    return connection.state in (ConnectionState.ACTIVE, ConnectionState.NEEDS_ATTENTION)
