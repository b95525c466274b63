"""A lock on which tasks wait, in the place of threading's."""

import itertools
from collections.abc import Callable

from simulation.scheduler import Scheduler


class Lock:
    """Takes the place of threading.Lock and RLock in the product."""

    _numbers = itertools.count(1)

    def __init__(self, scheduler: Callable[[], Scheduler], reentrant: bool = False) -> None:
        self._scheduler = scheduler
        self._reentrant = reentrant
        self._owner: object = None
        self._depth = 0
        self._channel = f"lock {next(self._numbers)}"

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; waiting lets other tasks run."""
        scheduler = self._scheduler()
        me = scheduler.current or scheduler
        if self._reentrant and self._owner is me:
            self._depth += 1
            return True
        scheduler.seam()
        deadline = None if timeout < 0 else scheduler.clock.elapsed + timeout
        while self._owner is not None:
            if not blocking or scheduler.current is None:
                return False
            left = None if deadline is None else deadline - scheduler.clock.elapsed
            if left is not None and left <= 0:
                return False
            scheduler.wait(self._channel, left)
        self._owner, self._depth = me, 1
        return True

    def release(self) -> None:
        """Give the lock back."""
        self._depth -= 1
        if self._depth <= 0:
            self._owner = None
            self._scheduler().notify(self._channel, one=True)

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return self._owner is not None

    def __enter__(self) -> "Lock":
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
