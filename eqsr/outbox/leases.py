"""Renew the leases of the rows that this process is working on.

Leases are short and renewed while the worker lives. So the row of a killed worker is soon free
again, and a call that takes minutes does not lose its row.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from eqsr.outbox import claims
from eqsr.outbox.claims import Claim

# Seconds between renewals: a quarter of the lease, so that a few may fail without losing it.
RENEW_INTERVAL = claims.LEASE.total_seconds() / 4

# The claim that each thread of this process is working on.
_in_hand: dict[int, Claim] = {}
_renewed_at = 0.0


@contextmanager
def hold(claim: Claim) -> Iterator[None]:
    """Let ``renew`` extend this claim while the calling thread works on it."""
    thread = threading.get_ident()
    _in_hand[thread] = claim
    try:
        yield
    finally:
        _in_hand.pop(thread, None)


def renew() -> None:
    """Renew all claims in hand, if RENEW_INTERVAL has passed; the dispatcher calls this often."""
    global _renewed_at
    if time.monotonic() - _renewed_at < RENEW_INTERVAL:
        return
    for claim in list(_in_hand.values()):
        claims.renew(claim)
    _renewed_at = time.monotonic()


def let_go(thread: int) -> Claim | None:
    """Stop renewing the claim of this thread; returns the claim, if it had one."""
    return _in_hand.pop(thread, None)


def hand_back() -> int:
    """Make all rows in hand due again for other workers, as this one ends; returns how many."""
    in_hand = [_in_hand.pop(thread) for thread in list(_in_hand)]
    for claim in in_hand:
        claims.reschedule(claim, 0, "its worker was stopped")
    return len(in_hand)
