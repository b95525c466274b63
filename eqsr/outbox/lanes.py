"""The lanes of work, and how many slots of each a worker has and one customer may hold."""

import threading
from dataclasses import dataclass

# SmartRecruiters answers no more than 8 calls of one credential at once, so more slots for one
# customer would be of no use to it.
MAX_CAP = 8


@dataclass(frozen=True)
class Lane:
    """``queue`` is RQ's. ``patient``: its calls may take minutes. ``longest``: seconds after which
    work is ended."""

    queue: str
    patient: bool
    longest: float


COMMON = Lane("eqsr", patient=False, longest=300.0)
SLOW = Lane("eqsr-slow", patient=True, longest=540.0)
# Were SmartRecruiters away for everybody, each customer's probe would hang for a while: here they
# keep nothing else waiting.
PROBES = Lane("eqsr-probes", patient=False, longest=300.0)
LANES = (COMMON, SLOW, PROBES)
# Slots of each of the other lanes in each worker, beside the common ones; a customer holds one.
SIDE_SLOTS = 2
SIDE_CAP = 1


def cap(slots: int) -> int:
    """How many of a worker's common slots one customer may hold: a third, so that two customers
    whose calls hang leave some to the others."""
    return max(1, min(MAX_CAP, slots // 3))


def cap_of(lane: Lane, slots: int) -> int:
    """The same of any lane, in a worker with so many common slots."""
    return cap(slots) if lane is COMMON else SIDE_CAP


class _Here(threading.local):
    """What is known of the thread at hand."""

    patient: bool = False


current = _Here()
