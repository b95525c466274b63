"""Looking again before something is taken for gone."""

from eqsr.outbox.handlers import Reschedule

# Seconds until what seems to be gone is read again, for an event that is older than any lag of a
# read.
SECOND_LOOK = 30.0


class LooksGone(Reschedule):
    """SmartRecruiters answered "gone", or told of a deletion, about somebody under way.

    It was deleted, or tokens are failing, or the read lags behind the event, or two profiles were
    merged and SmartRecruiters does not show it yet: it is looked at again.
    """

    def __init__(self, seconds: float = SECOND_LOOK) -> None:
        super().__init__(seconds, "it looks gone; it is looked at again")
