"""The lanes of work: how many slots each has in a worker, and how many one customer may use."""

import threading
from dataclasses import dataclass

# SmartRecruiters allows 8 concurrent calls per credential, so more slots would not help a customer.
MAX_CAP = 8


@dataclass(frozen=True)
class Lane:
    """An RQ queue and the slots that empty it.

    ``queue``: name of the RQ queue. ``patient``: calls to SmartRecruiters may take minutes.
    ``max_seconds``: work that takes longer is interrupted.
    """

    queue: str
    patient: bool
    max_seconds: float


COMMON = Lane("eqsr", patient=False, max_seconds=300.0)
SLOW = Lane("eqsr-slow", patient=True, max_seconds=540.0)
# If SmartRecruiters is down for everybody, every customer's probe hangs for a while; in a lane of
# their own, probes delay nothing else.
PROBES = Lane("eqsr-probes", patient=False, max_seconds=300.0)
LANES = (COMMON, SLOW, PROBES)
# Slots per worker of each lane other than COMMON, and how many of them one customer may use.
SIDE_SLOTS = 2
SIDE_CAP = 1


def cap(slots: int) -> int:
    """How many of a worker's ``slots`` one customer may use: a third, and at most MAX_CAP.

    A third, so that two customers whose calls hang still leave slots for the others.
    """
    return max(1, min(MAX_CAP, slots // 3))


def cap_of(lane: Lane, slots: int) -> int:
    """How many slots of ``lane`` one customer may use, in a worker with ``slots`` common slots."""
    return cap(slots) if lane is COMMON else SIDE_CAP


class _ThreadState(threading.local):
    """Per thread: whether it belongs to a patient lane."""

    patient: bool = False


current = _ThreadState()
