"""Let one worker at a time take the steps of a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, update

from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.outbox.handlers import Reschedule

# One worker at a time takes the steps of a run; a killed worker's lease expires.
RUN_LEASE = timedelta(minutes=5)


@contextmanager
def lease(connection: Connection) -> Iterator[None]:
    """Keep other workers from this run until the block ends. Raises Reschedule if one has it."""
    this_run = (Connection.id == connection.id, Connection.run == connection.run)
    free = or_(Connection.run_until.is_(None), Connection.run_until < now())
    with transaction() as session:
        taking = update(Connection).where(*this_run, free).values(run_until=now() + RUN_LEASE)
        taken = row_count(session.execute(taking))
    if not taken:
        raise Reschedule(2, "another worker is connecting it")
    try:
        yield
    finally:
        with transaction() as session:
            session.execute(update(Connection).where(*this_run).values(run_until=None))
