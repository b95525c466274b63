"""Record how reading the jobs ended: the last step of connecting."""

import uuid

from sqlalchemy import func, select

from eqsr.connections import progress, queries
from eqsr.connections.models import AtsJob
from eqsr.core.db import transaction
from eqsr.core.messages import N_, store_plural


def mirrored(connection_id: uuid.UUID) -> None:
    """Record that jobs and stages were read: at first, this is the last step of connecting."""
    with transaction() as session:
        connection = queries.for_update(connection_id)
        if not progress.connected(connection):
            return
        here = select(func.count()).where(
            AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None)
        )
        number = session.scalars(here).one()
        sentence = store_plural(
            "%(number)s job was read.", "%(number)s jobs were read.", number, number=number
        )
        progress.set_step(connection, progress.JOBS, progress.StepOutcome(progress.OK, sentence))


def not_mirrored(connection_id: uuid.UUID) -> None:
    """Record that jobs and stages could not be read; the schedule tries again later."""
    sentence = N_(
        "SmartRecruiters did not let us read all jobs yet. We'll keep trying automatically."
    )
    with transaction():
        connection = queries.for_update(connection_id)
        if progress.connected(connection):
            outcome = progress.StepOutcome(progress.WARNING, sentence)
            progress.set_step(connection, progress.JOBS, outcome)
