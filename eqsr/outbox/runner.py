"""Process a row of work: claim it, call its handler, record the outcome."""

import logging
import random
import time
import uuid
from collections.abc import Mapping

from prometheus_client import Counter, Histogram

from eqsr.core.db import db
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.messages import OUR_MISTAKE
from eqsr.outbox import breakers, claims, leases, queue
from eqsr.outbox.handlers import (
    Handler,
    PermanentFailure,
    Reschedule,
    handler,
    report_connection_trouble,
    trouble_is_known,
)
from eqsr.outbox.models import WorkState

log = logging.getLogger(__name__)

# Seconds until work of an unknown kind is tried again: during a deploy, another worker may know it.
UNKNOWN_WAIT = 15.0
# Seconds by which work is delayed when its connection's breaker opened while it ran; after that,
# the breaker decides when it is dispatched.
PARKED_WAIT = 1.0

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
            queue.wake_dispatcher()
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
        outcome = _record_failure(claim, known, error, facts)
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


def _record_failure(
    claim: claims.Claim, known: Handler, error: Exception, facts: Mapping[str, object]
) -> str:
    """Decide by the error what happens to the row, and return the outcome's name for the metrics.

    Errors of SmartRecruiters have attributes for this (``retry_after``, ``no_answer``, ``fault``,
    ``retryable``, ``worth_retrying``). Any other unexpected error is a bug of ours.
    """
    reason = str(error) or type(error).__name__
    if isinstance(error, Reschedule):
        claims.reschedule(claim, error.seconds, reason)
        return "put_back"
    retry_after: float | None = getattr(error, "retry_after", None)
    if retry_after is not None:
        # Spread a little, so that calls that were refused together don't come back together.
        claims.reschedule(claim, retry_after + random.uniform(0, 0.3), reason)
        if claim.connection_id is not None:
            queue.pause(claim.kind, claim.connection_id, retry_after)
        return "throttled"
    if getattr(error, "no_answer", False) and known.parks and _in_trouble(claim):
        claims.reschedule(claim, PARKED_WAIT, reason)
        return "parked"
    if getattr(error, "fault", None) == "connection" and _may_wait(claim, known):
        claims.park(claim, reason, counts=not _known_trouble(claim))
        log.warning("waiting for the connection: %s", reason, extra=facts)
        if claim.connection_id is not None:
            report_connection_trouble(claim.connection_id, error)
        return "waiting"
    expected = isinstance(error, PermanentFailure) or hasattr(error, "retryable")
    if not expected and not is_database_trouble(error):
        log.exception("handler failed", extra=facts)
    retryable = getattr(error, "retryable", True)
    retry = not isinstance(error, PermanentFailure) and getattr(error, "worth_retrying", retryable)
    if retry and claim.failures + 1 < known.attempts:
        return "failed" if claims.failed(claim, reason) else "lost_lease"
    sentence = getattr(error, "sentence", reason if expected else OUR_MISTAKE)
    comes_again = known.recurring and getattr(error, "retryable", False)
    state = WorkState.DONE if comes_again else WorkState.DEAD
    if not _give_up(claim, known, reason, sentence, facts, state):
        return "lost_lease"
    if comes_again:
        log.warning("given up until it is started again: %s", reason, extra=facts)
        return "given_up"
    log.error("work is dead: %s", reason, extra=facts)
    return "dead"


def _in_trouble(claim: claims.Claim) -> bool:
    return claim.connection_id is not None and breakers.in_trouble(claim.connection_id)


def _may_wait(claim: claims.Claim, known: Handler) -> bool:
    """True if an attempt is left, or the connection is known not to work."""
    return claim.failures + 1 < known.attempts or _known_trouble(claim)


def _known_trouble(claim: claims.Claim) -> bool:
    return claim.connection_id is not None and trouble_is_known(claim.connection_id)


def _give_up(
    claim: claims.Claim,
    known: Handler,
    reason: str,
    sentence: str,
    facts: Mapping[str, object],
    state: WorkState,
) -> bool:
    """End the row even if the kind's ``on_dead`` callback fails; False if the lease was lost."""

    def on_dead() -> None:
        if known.on_dead:
            known.on_dead(claim.subject_id, sentence)

    try:
        return claims.give_up(claim, reason, on_dead, state)
    except Exception as error:
        if is_database_trouble(error):
            raise
        log.exception("the handler's on_dead callback failed", extra=facts)
        return claims.give_up(claim, reason, lambda: None, state)
