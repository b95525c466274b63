"""One slot of a worker: a thread, the row that it processes, and what happens if that hangs."""

import logging
import sys
import threading
import time
import traceback
from dataclasses import dataclass

from eqsr.outbox import deadlines, leases
from eqsr.outbox.queue import DispatchedRow

log = logging.getLogger(__name__)


@dataclass
class Slot:
    """One thread of a lane.

    ``work``: the row it processes, since ``began`` (monotonic seconds). ``interrupted``: the work
    took too long and was interrupted. ``lost``: it hangs all the same, and was replaced.
    """

    thread: threading.Thread | None = None
    work: DispatchedRow | None = None
    began: float = 0.0
    interrupted: bool = False
    lost: bool = False

    @property
    def ident(self) -> int:
        """The identifier of its thread. Raises RuntimeError before the thread was started."""
        if self.thread is None or self.thread.ident is None:
            raise RuntimeError("the thread of this slot was not started")
        return self.thread.ident

    def begin(self, handed: DispatchedRow) -> None:
        """Take this row to process from now on."""
        self.work, self.began, self.interrupted = handed, time.monotonic(), False

    def end(self) -> None:
        """Become free for the next row."""
        self.work = None
        if self.interrupted:
            deadlines.clear(self.ident)

    def check(self, max_seconds: float) -> None:
        """Interrupt work that takes longer than ``max_seconds``; declare the slot lost if it hangs
        in spite of that."""
        age = time.monotonic() - self.began
        if age >= max_seconds and not self.interrupted:
            self.interrupted = True
            deadlines.interrupt(self.ident)
            log.error("work takes too long and is interrupted", extra=self._facts(age))
        elif age >= max_seconds + deadlines.INTERRUPT_GRACE:
            log.error("a slot hangs: %s", _stack(self.ident), extra=self._facts(age))
            leases.let_go(self.ident)
            self.lost = True

    def _facts(self, age: float) -> dict[str, object]:
        facts: dict[str, object] = {}
        if self.work is not None:
            facts = {"work": self.work.work_id, "kind": self.work.kind}
        return {**facts, "seconds": round(age)}


def _stack(ident: int) -> str:
    frame = sys._current_frames().get(ident)
    return "".join(traceback.format_stack(frame)) if frame else ""
