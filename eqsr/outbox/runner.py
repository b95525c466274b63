"""Process a row of work: claim it, call its handler, record the outcome."""

import logging
import random
import time
import uuid

from prometheus_client import Counter, Histogram

from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.outbox import breakers, claims, leases, wakeups
from eqsr.outbox.failures import record_failure
from eqsr.outbox.handlers import handler

log = logging.getLogger(__name__)
# Seconds until work of an unknown kind is tried again: during a deploy, another worker may know it.
UNKNOWN_WAIT = 15.0
WORK_TOTAL = Counter("eqsr_work_total", "Work taken by a worker.", ["kind", "outcome"])
HANDLER_SECONDS = Histogram("eqsr_work_seconds", "Time a handler took.", ["kind"])


def perform(*work_ids: str) -> None:
    """Process these rows; called by RQ. Never raises: the rows hold the outcomes, not RQ."""
    for work_id in work_ids:
        _perform(work_id)


def _perform(work_id: str) -> None:
    try:
        claim = claims.claim(uuid.UUID(work_id))
        if claim:
            outcome = _do(claim)
            WORK_TOTAL.labels(claim.kind, outcome).inc()
            # The next row of this kind and connection may be dispatched now.
            wakeups.wake_dispatcher()
    except Exception as error:
        # The row keeps its state and is dispatched again when its lease has run out.
        if is_database_trouble(error):
            log.error("database trouble: %s", type(error).__name__, extra={"work": work_id})
        else:
            log.exception("work could not be taken or recorded", extra={"work": work_id})
    finally:
        db.session.remove()


def _do(claim: claims.Claim) -> str:
    known = handler(claim.kind)
    facts = {"work": str(claim.work_id), "kind": claim.kind, "subject": str(claim.subject_id)}
    if known is None:
        reason = f"this worker's release does not know work of the kind {claim.kind}"
        claims.reschedule(claim, UNKNOWN_WAIT + random.uniform(0, 5), reason)
        log.warning("work rescheduled: %s", reason, extra=facts)
        return "unknown"
    started = time.monotonic()
    try:
        with leases.hold(claim):
            known.run(claim.subject_id)
    except Exception as error:
        db.session.rollback()
        _conclude(claim)
        outcome = record_failure(claim, known, error, facts)
    else:
        _conclude(claim)
        outcome = "done" if claims.done(claim) else "lost_lease"
    if outcome == "lost_lease":
        log.warning("the lease was lost to another worker", extra=facts)
    seconds = time.monotonic() - started
    HANDLER_SECONDS.labels(claim.kind).observe(seconds)
    log.info("work %s", outcome, extra=facts | {"ms": round(seconds * 1000)})
    return outcome


def _conclude(claim: claims.Claim) -> None:
    if claim.connection_id is not None:
        breakers.conclude(claim.connection_id)
