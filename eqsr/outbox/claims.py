"""Claim a row of work, and record its outcome.

Every row passes here twice, so the statements are built once and run without the ORM session;
only ``give_up`` uses it.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, row_count, transaction
from eqsr.outbox.claim_statements import DONE, LEAVE, SIBLINGS, TAKE, held, work_table
from eqsr.outbox.models import WorkState

# A living worker keeps renewing its leases (outbox.leases). So this is how long the row of a killed
# worker waits before another worker can claim it.
LEASE = timedelta(seconds=60)
# Delay of a row while another row of the same kind and subject is running.
SIBLING_WAIT = timedelta(seconds=1)


@dataclass(frozen=True)
class Claim:
    """A worker's right to process one row. ``number`` counts the row's claims: it is the fence."""

    work_id: uuid.UUID
    number: int
    kind: str
    subject_id: uuid.UUID
    failures: int
    connection_id: uuid.UUID | None


def claim(work_id: uuid.UUID) -> Claim | None:
    """Claim the row if it is due or its lease has run out; else return None.

    Only one row per kind and subject runs at a time; the others wait SIBLING_WAIT and try again.
    """
    moment = now()
    facts = {"work_id": work_id, "moment": moment}
    with core_transaction() as connection:
        if _sibling_is_running(connection, work_id, moment):
            connection.execute(LEAVE, facts | {"later": moment + SIBLING_WAIT})
            return None
        row = connection.execute(TAKE, facts | {"lease": moment + LEASE}).first()
    return Claim(*row) if row else None


def _sibling_is_running(connection: Connection, work_id: uuid.UUID, moment: datetime) -> bool:
    """True if a worker is processing another row of the same kind and subject.

    Locks all these rows, so none can be claimed until the transaction ends.
    """
    siblings = connection.execute(SIBLINGS, {"work_id": work_id})
    return any(
        found.id != work_id and found.state is WorkState.RUNNING and found.lease_until >= moment
        for found in siblings
    )


def renew(claim: Claim) -> bool:
    """Extend the lease. False when another worker has the row."""
    return _update(claim, lease_until=now() + LEASE)


def done(claim: Claim) -> bool:
    """Mark the row as done. False when another worker has the row."""
    facts = {"work_id": claim.work_id, "number": claim.number, "moment": now()}
    with core_transaction() as connection:
        return bool(connection.execute(DONE, facts).rowcount)


def reschedule(claim: Claim, seconds: float, reason: str) -> bool:
    """Make the row due again in ``seconds`` without counting a failure.

    For limits that were reached, and for work that something else blocks for a moment. False when
    another worker has the row.
    """
    due = now() + timedelta(seconds=seconds)
    return _record(claim, state=WorkState.DUE, due_at=due, last_error=reason)


def park(claim: Claim, reason: str, *, counts: bool = True) -> bool:
    """Park the row until its connection works again (retries.unpark).

    ``counts``: whether this counts as a failure. False when another worker has the row.
    """
    failures = claim.failures + counts
    return _record(claim, state=WorkState.WAITING, failures=failures, last_error=reason)


def failed(claim: Claim, reason: str) -> bool:
    """Count a failure and schedule a retry. False when another worker has the row."""
    failures = claim.failures + 1
    due = now() + timedelta(seconds=backoff(failures))
    return _record(claim, state=WorkState.DUE, failures=failures, due_at=due, last_error=reason)


def give_up(
    claim: Claim, reason: str, on_dead: Callable[[], None], state: WorkState = WorkState.DEAD
) -> bool:
    """Count the failure and end the row as dead (or in another ``state``); dead rows stay visible.

    ``on_dead`` runs in the same transaction, so a worker that is killed does both or neither.
    False when another worker has the row; then ``on_dead`` is not called.
    """
    values = {
        "state": state,
        "failures": claim.failures + 1,
        "ended_at": now(),
        "last_error": reason,
        "lease_until": None,
        "dispatched_at": None,
    }
    facts = {"work_id": claim.work_id, "number": claim.number}
    with transaction() as session:
        ended = row_count(session.execute(update(work_table).where(held).values(**values), facts))
        if ended:
            on_dead()
    return bool(ended)


def backoff(failures: int, rng: random.Random | None = None) -> float:
    """Seconds to wait after the n-th failure: exponential with full jitter, 0.5 s to an hour.

    The minimum prevents immediate retries when the random draw is close to zero. Source: AWS
    Architecture Blog, "Exponential Backoff And Jitter" (2015).
    """
    ceiling = min(3600.0, 2.0**failures)
    return max(0.5, (rng or random).uniform(0, ceiling))


def _record(claim: Claim, **values: object) -> bool:
    return _update(claim, **{"lease_until": None, "dispatched_at": None, **values})


def _update(claim: Claim, **values: object) -> bool:
    facts = {"work_id": claim.work_id, "number": claim.number}
    with core_transaction() as connection:
        return bool(
            connection.execute(update(work_table).where(held).values(**values), facts).rowcount
        )
