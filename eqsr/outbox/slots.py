"""The slots of a worker: threads that process work in parallel, with a cap per customer.

Each lane (outbox.lanes) has its own RQ queue and its own slots.
"""

import logging
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from eqsr.core.db import db
from eqsr.outbox import breakers, deadlines, fair_dispatch, leases, queue, runner
from eqsr.outbox.lanes import Lane, current
from eqsr.outbox.queue import DispatchedRow

log = logging.getLogger(__name__)

# Seconds to wait after a failure before reading from Redis again.
RETRY_PAUSE = 0.5
# Seconds to wait for an id from Redis, and so the interval at which overdue work is looked for.
POP_TIMEOUT = 1
# Seconds that stopping waits for ids that are being read from Redis.
STOP_TIMEOUT = 3.0
# Most rows that wait inside a worker: in all, per slot of the lane; of one customer, per slot of
# its cap.
BUFFER_PER_SLOT = 4
BUFFER_PER_CUSTOMER = 2


@dataclass
class _Slot:
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
    _waiting: list[DispatchedRow] = field(default_factory=list)
    _slots: list[_Slot] = field(default_factory=list)
    _stopped: bool = False
    _popper: threading.Thread | None = None

    def start(self) -> None:
        """Start all threads."""
        for _ in range(self.number):
            self._add()
        self._popper = threading.Thread(
            target=self._pop_forever, name=f"{self.lane.queue} popper", daemon=True
        )
        self._popper.start()

    def stop(self) -> None:
        """Start no more work, and return the waiting rows so that other workers get them."""
        with self._changed:
            self._stopped = True
            left, self._waiting = self._waiting, []
            self._changed.notify_all()
        self._return(left)
        # The popper may be reading ids at this moment; it returns those too.
        if self._popper is not None:
            self._popper.join(STOP_TIMEOUT)

    def _return(self, left: list[DispatchedRow]) -> None:
        try:
            with self.context():
                fair_dispatch.return_to_due([one.work_id for one in left])
                db.session.remove()
        except Exception as error:
            log.warning(
                "work was not returned; it is dispatched again later: %s", type(error).__name__
            )

    def settled(self, seconds: float) -> bool:
        """Wait until no slot is working, at most ``seconds``; False if some still are."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy(), seconds)

    def take(self, handed: DispatchedRow) -> bool:
        """Queue a row for a slot; False if it waits already or its customer has too many waiting.

        A row that was not taken is dispatched again later.
        """
        with self._changed:
            ours = [one for one in self._waiting if one.customer == handed.customer]
            known = any(one.work_id == handed.work_id for one in ours)
            if self._stopped or known or len(ours) >= BUFFER_PER_CUSTOMER * self.cap:
                return False
            self._waiting.append(handed)
            self._changed.notify()
            return True

    def _busy(self) -> list[_Slot]:
        return [slot for slot in self._slots if slot.work is not None and not slot.lost]

    def _add(self) -> None:
        slot = _Slot()
        name = f"{self.lane.queue} slot {len(self._slots) + 1}"
        slot.thread = threading.Thread(target=self._work, args=(slot,), name=name, daemon=True)
        self._slots.append(slot)
        slot.thread.start()

    def _work(self, slot: _Slot) -> None:
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
            if breakers.is_parked(handed.kind, handed.connection_id):
                fair_dispatch.return_to_due([handed.work_id])
            else:
                runner.perform(str(handed.work_id))
            db.session.remove()

    def _finish(self, slot: _Slot) -> None:
        with self._changed:
            slot.work = None
            if slot.interrupted:
                deadlines.clear(slot.ident)
            self._changed.notify_all()

    def _next(self, slot: _Slot) -> DispatchedRow | None:
        """Wait for the first row whose customer is below its cap; None when the worker stops."""
        with self._changed:
            while not self._stopped:
                held = Counter(one.work.customer for one in self._slots if one.work)
                for handed in self._waiting:
                    if held[handed.customer] < self.cap:
                        self._waiting.remove(handed)
                        slot.work, slot.began, slot.interrupted = handed, time.monotonic(), False
                        # Wakes the popper, which may be waiting for room.
                        self._changed.notify_all()
                        return handed
                self._changed.wait()
            return None

    def _pop_forever(self) -> None:
        client = None
        while not self._stopped:
            try:
                self._watch()
                if not self._room():
                    continue
                client = client or queue.blocking_client()
                left = [
                    one for one in queue.pop(self.lane, client, POP_TIMEOUT) if not self.take(one)
                ]
                if self._stopped:
                    self._return(left)
            except (RedisError, OSError) as error:
                log.warning("Redis is away: %s; trying again", type(error).__name__)
                client = None
                time.sleep(RETRY_PAUSE)
            except Exception:
                log.exception("the popper failed")
                time.sleep(RETRY_PAUSE)

    def _room(self) -> bool:
        """Wait until a slot is free and the buffer has room; False after POP_TIMEOUT."""

        def room() -> bool:
            free = self.number - len(self._busy())
            return self._stopped or (
                free > 0 and len(self._waiting) < BUFFER_PER_SLOT * self.number
            )

        with self._changed:
            return self._changed.wait_for(room, POP_TIMEOUT) and not self._stopped

    def _watch(self) -> None:
        """Interrupt work that takes too long, and replace threads that hang in spite of that."""
        with self._changed:
            self._slots = [one for one in self._slots if one.work is not None or not one.lost]
            for slot in self._busy():
                age = time.monotonic() - slot.began
                if age >= self.lane.max_seconds and not slot.interrupted:
                    slot.interrupted = True
                    deadlines.interrupt(slot.ident)
                    log.error("work takes too long and is interrupted", extra=_facts(slot, age))
                elif age >= self.lane.max_seconds + deadlines.INTERRUPT_GRACE:
                    log.error("a slot hangs: %s", _stack(slot.ident), extra=_facts(slot, age))
                    leases.let_go(slot.ident)
                    slot.lost = True
                    self._add()
            lost = sum(slot.lost for slot in self._slots)
        if lost >= self.number:
            log.error("as many threads hang as this lane has slots: the worker ends")
            self.fail()


def _facts(slot: _Slot, age: float) -> dict[str, object]:
    facts: dict[str, object] = {}
    if slot.work is not None:
        facts = {"work": slot.work.work_id, "kind": slot.work.kind}
    return {**facts, "seconds": round(age)}


def _stack(ident: int) -> str:
    frame = sys._current_frames().get(ident)
    return "".join(traceback.format_stack(frame)) if frame else ""
