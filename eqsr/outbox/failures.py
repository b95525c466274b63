"""Decide what happens to a row of work whose handler failed."""

import logging
import random
from collections.abc import Mapping

from eqsr.core.db_errors import is_database_trouble
from eqsr.core.messages import OUR_MISTAKE
from eqsr.outbox import breaker_state, broker_state, claims
from eqsr.outbox.connection_trouble import report_connection_trouble, trouble_is_known
from eqsr.outbox.handlers import Handler, PermanentFailure, Reschedule
from eqsr.outbox.models import WorkState

log = logging.getLogger(__name__)
# Seconds by which work is delayed when its connection's breaker opened while it ran; after that,
# the breaker decides when it is dispatched.
PARKED_WAIT = 1.0


def record_failure(
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
            broker_state.pause(claim.kind, claim.connection_id, retry_after)
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
    database = is_database_trouble(error)
    if not expected and not database:
        log.exception("handler failed", extra=facts)
    retryable = getattr(error, "retryable", True)
    retry = not isinstance(error, PermanentFailure) and getattr(error, "worth_retrying", retryable)
    if retry and claim.failures + 1 < known.attempts:
        return "failed" if claims.failed(claim, reason) else "lost_lease"
    sentence = getattr(error, "sentence", reason if expected else OUR_MISTAKE)
    comes_again = known.recurring and (database or getattr(error, "retryable", False))
    state = WorkState.DONE if comes_again else WorkState.DEAD
    if not _give_up(claim, known, reason, sentence, facts, state):
        return "lost_lease"
    if comes_again:
        log.warning("given up until it is started again: %s", reason, extra=facts)
        return "given_up"
    log.error("work is dead: %s", reason, extra=facts)
    return "dead"


def _in_trouble(claim: claims.Claim) -> bool:
    return claim.connection_id is not None and breaker_state.in_trouble(claim.connection_id)


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
