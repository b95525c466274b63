"""The slots of a worker: threads that process work in parallel, with a cap per customer.

Each lane (outbox.lanes) has its own RQ queue and its own slots.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from eqsr.core.db import db
from eqsr.outbox import breaker_state, fair_dispatch, runner
from eqsr.outbox.buffer import Buffer
from eqsr.outbox.lanes import Lane, current
from eqsr.outbox.popper import POP_TIMEOUT, Popper
from eqsr.outbox.queue import DispatchedRow
from eqsr.outbox.slot import Slot

log = logging.getLogger(__name__)


@dataclass
class Slots:
    """The slots of one lane, and the thread that fetches work for them.

    ``context``: makes an application context. ``number``: how many slots. ``cap``: how many of
    them may work for one customer. ``fail``: called when so many threads hang that the worker has
    to end.
    """

    context: Callable[[], AbstractContextManager[object]]
    lane: Lane
    number: int
    cap: int
    fail: Callable[[], None]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _slots: list[Slot] = field(default_factory=list)
    _stopped: bool = False

    def __post_init__(self) -> None:
        self._waiting = Buffer(self.number, self.cap)
        self._popper = Popper(self.context, self.lane, self._ready, self.take)

    def start(self) -> None:
        """Start all threads."""
        for _ in range(self.number):
            self._add()
        self._popper.start()

    def stop(self) -> None:
        """Start no more work, and return the waiting rows so that other workers get them."""
        with self._changed:
            self._stopped = self._popper.stopped = True
            left = self._waiting.clear()
            self._changed.notify_all()
        self._popper.end(left)

    def settled(self, seconds: float) -> bool:
        """Wait until no slot is working, at most ``seconds``; False if some still are."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy(), seconds)

    def take(self, handed: DispatchedRow) -> bool:
        """Queue a row for a slot; False if it waits already or its customer has too many waiting.

        A row that was not taken is dispatched again later.
        """
        with self._changed:
            if self._stopped or not self._waiting.add(handed):
                return False
            self._changed.notify()
            return True

    def _busy(self) -> list[Slot]:
        return [slot for slot in self._slots if slot.work is not None and not slot.lost]

    def _add(self) -> None:
        slot = Slot()
        name = f"{self.lane.queue} slot {len(self._slots) + 1}"
        slot.thread = threading.Thread(target=self._work, args=(slot,), name=name, daemon=True)
        self._slots.append(slot)
        slot.thread.start()

    def _work(self, slot: Slot) -> None:
        current.patient = self.lane.patient
        while not slot.lost and (handed := self._next(slot)) is not None:
            try:
                self._do(handed)
                self._finish(slot)
            except Exception:
                log.exception("a slot failed", extra={"work": handed.work_id})
                self._finish(slot)

    def _do(self, handed: DispatchedRow) -> None:
        with self.context():
            if breaker_state.is_parked(handed.kind, handed.connection_id):
                fair_dispatch.return_to_due([handed.work_id])
            else:
                runner.perform(str(handed.work_id))
            db.session.remove()

    def _finish(self, slot: Slot) -> None:
        with self._changed:
            slot.end()
            self._changed.notify_all()

    def _next(self, slot: Slot) -> DispatchedRow | None:
        """Wait for the first row whose customer is below its cap; None when the worker stops."""
        with self._changed:
            while not self._stopped:
                handed = self._waiting.next([one.work for one in self._slots if one.work])
                if handed is not None:
                    slot.begin(handed)
                    # Wakes the popper, which may be waiting for room.
                    self._changed.notify_all()
                    return handed
                self._changed.wait()
            return None

    def _ready(self) -> bool:
        """Look for overdue work, then wait for room; False if there is none after POP_TIMEOUT."""
        self._watch()
        return self._room()

    def _room(self) -> bool:
        """Wait until a slot is free and the buffer has room; False after POP_TIMEOUT."""

        def room() -> bool:
            free = self.number - len(self._busy())
            return self._stopped or (free > 0 and self._waiting.has_room)

        with self._changed:
            return self._changed.wait_for(room, POP_TIMEOUT) and not self._stopped

    def _watch(self) -> None:
        """Interrupt work that takes too long, and replace threads that hang in spite of that."""
        with self._changed:
            self._slots = [one for one in self._slots if one.work is not None or not one.lost]
            for slot in self._busy():
                slot.check(self.lane.max_seconds)
                if slot.lost:
                    self._add()
            lost = sum(slot.lost for slot in self._slots)
        if lost >= self.number:
            log.error("as many threads hang as this lane has slots: the worker ends")
            self.fail()
