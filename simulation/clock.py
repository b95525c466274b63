"""Simulated time: nothing moves it but the scheduler."""

import time
from datetime import UTC, datetime

import time_machine

# The summer time of Europe begins two days later, at 2026-03-29 01:00 UTC.
BEGINNING = datetime(2026, 3, 27, 8, 0, tzinfo=UTC).timestamp()


class Clock:
    """Wall clock and monotonic clock of the simulated machines.

    ``elapsed``: seconds since the beginning, on the monotonic clock. ``jump``: seconds by which
    the wall clock was set wrong. ``skew``: the same, of the machine whose step is running.
    """

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.jump = 0.0
        self.skew = 0.0
        self._real = {name: getattr(time, name) for name in ("monotonic", "perf_counter", "sleep")}
        self._traveller = time_machine.travel(BEGINNING, tick=False)
        self._moved = self._traveller.start()

    def install(self, sleep: object) -> None:
        """Replace what reads or waits for time and is not the wall clock."""
        time.monotonic = lambda: 1000.0 + self.elapsed  # type: ignore[assignment]
        time.perf_counter = time.monotonic
        time.sleep = sleep  # type: ignore[assignment]

    def remove(self) -> None:
        """Return to real time."""
        self._traveller.stop()
        for name, function in self._real.items():
            setattr(time, name, function)

    def set(self, elapsed: float) -> None:
        """Move time; it never goes back."""
        self.elapsed = elapsed
        self.show()

    def show(self) -> None:
        """Set the wall clock that the running step sees."""
        self._moved.move_to(self.wall(), tick=False)

    def wall(self) -> float:
        """Seconds since 1970 as the running step sees them."""
        return BEGINNING + self.elapsed + self.jump + self.skew

    def real(self) -> float:
        """Real seconds on the monotonic clock, for measuring the simulation itself."""
        return float(self._real["monotonic"]())


def written(elapsed: float) -> str:
    """An elapsed time as day and time, for timelines."""
    return f"{datetime.fromtimestamp(BEGINNING + elapsed, UTC):%a %H:%M:%S.%f}"[:-3]
