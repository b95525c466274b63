"""A lease is short, and renewed for as long as its worker lives: a killed worker's row is free
again soon, and a call that takes minutes loses nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from eqsr.outbox import claims
from eqsr.outbox.claims import Claim

# A quarter of the lease: it may fail a few times, because the database is away for a moment.
EVERY = claims.LEASE.total_seconds() / 4

_in_hand: set[Claim] = set()
_renewed_at = 0.0


@contextmanager
def kept(claim: Claim) -> Iterator[None]:
    """While this process works on it, ``renew`` keeps the claim."""
    _in_hand.add(claim)
    try:
        yield
    finally:
        _in_hand.discard(claim)


def renew() -> None:
    """Renew what is in hand, every now and then; called often by another thread."""
    global _renewed_at
    if time.monotonic() - _renewed_at < EVERY:
        return
    for claim in tuple(_in_hand):
        claims.renew(claim)
    _renewed_at = time.monotonic()
