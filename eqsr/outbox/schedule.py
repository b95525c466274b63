"""What happens by the clock. Each entry looks at the database and writes down work; looking
twice changes nothing, so it does not matter which worker leads."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

log = logging.getLogger(__name__)

Look = TypeVar("Look", bound=Callable[[], object])


@dataclass
class Entry:
    run: Callable[[], object]
    seconds: float
    next_at: float = 0.0


_entries: list[Entry] = []


def every(seconds: float) -> Callable[[Look], Look]:
    """Register a function to be run about every ``seconds`` by the leading worker."""

    def register(run: Look) -> Look:
        _entries.append(Entry(run, seconds))
        return run

    return register


def entries() -> tuple[Entry, ...]:
    return tuple(_entries)


def tick() -> None:
    """Run what is due by now."""
    for entry in _entries:
        if time.monotonic() >= entry.next_at:
            entry.next_at = time.monotonic() + entry.seconds
            try:
                entry.run()
            except Exception:
                log.exception("a scheduled look failed; it is tried again at its next time")
