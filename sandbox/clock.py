"""The sandbox's clock: real time plus an offset that the control API can increase."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970 as the sandbox sees them.

    Token expiry, secret-key expiry and the redelivery schedule follow this clock, so a test can
    skip a whole day. ``skew_seconds`` shifts only the timestamp header of deliveries, like a sender
    with a wrong clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = 0.0
        self._watchers: list[Callable[[], None]] = []
        self.skew_seconds = 0.0

    def now(self) -> float:
        """Return the sandbox time in seconds since 1970, rounded to milliseconds."""
        return round(time.time() + self._offset, 3)

    def advance(self, seconds: float) -> None:
        """Move the clock forward; raise ValueError for a step backwards."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        with self._lock:
            self._offset += seconds
        for watcher in self._watchers:
            watcher()

    def reset(self) -> None:
        """Return to real time without skew."""
        with self._lock:
            self._offset = 0.0
        self.skew_seconds = 0.0

    def on_advance(self, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` after every step, so that due work is noticed at once."""
        self._watchers.append(watcher)


def iso(seconds: float | None) -> str | None:
    """Format seconds since 1970 as SmartRecruiters does: ``2026-05-13T18:09:48.173Z``."""
    if seconds is None:
        return None
    moment = datetime.fromtimestamp(round(seconds, 3), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse_iso(text: str) -> float:
    """Parse an ISO 8601 date-time into seconds since 1970; raise ValueError if it is invalid."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
