"""Asking the worker to read jobs and stages of a connection."""

import uuid
from datetime import timedelta

from eqsr.connections import queries
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind


def request_mirror(connection_id: uuid.UUID) -> None:
    """Have the worker read jobs and stages again, unless that waits for a repaired connection."""
    if not outbox.is_parked(WorkKind.MIRROR_JOBS, connection_id):
        outbox.enqueue(WorkKind.MIRROR_JOBS, connection_id, connection_id=connection_id, once=True)


def mirror_is_older_than(connection_id: uuid.UUID, age: timedelta) -> bool:
    """The list of all jobs was last read longer ago than this, or never."""
    connection = queries.get(connection_id)
    synced = connection.jobs_synced_at if connection else None
    return synced is None or now() - synced >= age


def request_refresh(connection_id: uuid.UUID) -> None:
    """Have the worker read stages and changed jobs, unless that waits for a repaired connection."""
    if not outbox.is_parked(WorkKind.REFRESH_MIRROR, connection_id):
        outbox.enqueue(
            WorkKind.REFRESH_MIRROR, connection_id, connection_id=connection_id, once=True
        )


def request_everything(connection_id: uuid.UUID) -> None:
    """Have the worker read stages and jobs anew, those that are new to us first."""
    with transaction():
        request_refresh(connection_id)
        request_mirror(connection_id)
