"""When an invitation's reminders are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

BEFORE_THE_END = 0


@dataclass(frozen=True)
class Times:
    """What decides when an invitation's reminders are due.

    ``days``: days after the invitation. ``hours``: hours before the deadline; 0 for no reminder.
    """

    sent_at: datetime
    expires_at: datetime
    days: Sequence[int]
    hours: int

    def due(self, moment: datetime) -> list[int]:
        """The numbers of the reminders that are due at ``moment``."""
        times = {day: self.sent_at + timedelta(days=day) for day in self.days}
        if self.hours:
            times[BEFORE_THE_END] = self.expires_at - timedelta(hours=self.hours)
        return [number for number, at in times.items() if self.sent_at < at <= moment]
