"""A lease is short, and renewed for as long as its worker lives: a killed worker's row is free
again soon, and a call that takes minutes loses nothing."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from eqsr.outbox import claims
from eqsr.outbox.claims import Claim

# A quarter of the lease: it may fail a few times, because the database is away for a moment.
EVERY = claims.LEASE.total_seconds() / 4

# What each thread of this process has in hand.
_in_hand: dict[int, Claim] = {}
_renewed_at = 0.0


@contextmanager
def hold(claim: Claim) -> Iterator[None]:
    """While this thread works on it, ``renew`` keeps the claim."""
    thread = threading.get_ident()
    _in_hand[thread] = claim
    try:
        yield
    finally:
        _in_hand.pop(thread, None)


def renew() -> None:
    """Renew what is in hand, every now and then; called often by another thread."""
    global _renewed_at
    if time.monotonic() - _renewed_at < EVERY:
        return
    for claim in list(_in_hand.values()):
        claims.renew(claim)
    _renewed_at = time.monotonic()


def let_go(thread: int) -> Claim | None:
    """Renew no longer what this thread has in hand; what it was."""
    return _in_hand.pop(thread, None)


def hand_back() -> int:
    """The worker ends: all that is in hand is due at once, for another one. Their number."""
    held = [_in_hand.pop(thread) for thread in list(_in_hand)]
    for claim in held:
        claims.reschedule(claim, 0, "its worker was stopped")
    return len(held)
