"""Run functions at regular intervals, in the dispatcher of the leading worker.

Each function reads the database and enqueues what is due. Running one twice changes nothing, so it
does not matter which worker leads.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

log = logging.getLogger(__name__)

Task = TypeVar("Task", bound=Callable[[], object])


@dataclass
class Entry:
    """A function to run every ``seconds``; ``next_at`` is on the monotonic clock."""

    run: Callable[[], object]
    seconds: float
    next_at: float = 0.0


_entries: list[Entry] = []


def every(seconds: float) -> Callable[[Task], Task]:
    """Register a function to run about every ``seconds`` in the leading worker."""

    def register(run: Task) -> Task:
        _entries.append(Entry(run, seconds))
        return run

    return register


def entries() -> tuple[Entry, ...]:
    """All registered entries."""
    return tuple(_entries)


def tick() -> None:
    """Run every entry that is due; an entry that fails runs again at its next time."""
    for entry in _entries:
        if time.monotonic() >= entry.next_at:
            entry.next_at = time.monotonic() + entry.seconds
            try:
                entry.run()
            except Exception:
                log.exception("a scheduled task failed; it runs again at its next time")
