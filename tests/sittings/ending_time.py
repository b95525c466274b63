"""The time that goes by until the clock ends an assessment."""

from datetime import timedelta

import time_machine

from eqsr.core.clock import now
from tests.work import Work

# After the deadline of two weeks, and the day in which a candidate who started may finish.
AFTER = timedelta(days=16)


def passes(work: Work, after: timedelta = AFTER) -> None:
    """The time goes by, and the clock's tasks and their work are done."""
    with time_machine.travel(now() + after, tick=True):
        work.by_clock()
        work("end_by_clock")
