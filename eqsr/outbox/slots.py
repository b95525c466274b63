"""The slots of a worker: threads that do work side by side, with a cap per customer.

A lane is a queue of RQ and the slots that empty it. There are two: the common one, and a slow one
for bulk reading, whose calls may take minutes.
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

# Seconds until another try with a Redis that was away.
RETRY_PAUSE = 0.5
# Seconds of waiting for an id; as often the slots are looked at.
POP_TIMEOUT = 1
# Seconds that stopping waits for the last ids; a Redis that says nothing keeps them longer.
STOP_TIMEOUT = 3.0
# Ids that wait in a worker, in multiples of a lane's slots, and of a customer's cap.
BUFFER_PER_SLOT = 4
BUFFER_PER_CUSTOMER = 2


@dataclass
class _Slot:
    """One thread; ``work`` is what it has in hand since ``began`` (monotonic seconds)."""

    thread: threading.Thread | None = None
    work: DispatchedRow | None = None
    began: float = 0.0
    told: bool = False
    lost: bool = False

    @property
    def ident(self) -> int:
        """The number of its thread, which was started with it."""
        if self.thread is None or self.thread.ident is None:
            raise RuntimeError("the thread of this slot was not started")
        return self.thread.ident


@dataclass
class Slots:
    """The slots of one lane. ``cap`` of them at most work for one customer. ``context`` is the
    application's; ``fail`` is called when so many threads hang that the worker has to end."""

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
        for _ in range(self.number):
            self._add()
        self._popper = threading.Thread(
            target=self._pop_forever, name=f"{self.lane.queue} popper", daemon=True
        )
        self._popper.start()

    def stop(self) -> None:
        """Begin nothing further. What waits here is handed out again, to other workers."""
        with self._changed:
            self._stopped = True
            left, self._waiting = self._waiting, []
            self._changed.notify_all()
        self._unring(left)
        # It may be about to get ids, and hands them back too.
        if self._popper is not None:
            self._popper.join(STOP_TIMEOUT)

    def _unring(self, left: list[DispatchedRow]) -> None:
        try:
            with self.context():
                fair_dispatch.return_to_due([one.work_id for one in left])
                db.session.remove()
        except Exception as error:
            log.warning("work was not handed back; its ring lapses: %s", type(error).__name__)

    def settled(self, seconds: float) -> bool:
        """Wait until every slot has finished what it had in hand; False when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy(), seconds)

    def take(self, handed: DispatchedRow) -> bool:
        """Let this wait for a slot; False when it waits already, or too much of its customer does.
        Then it is left: its ring lapses and it comes again."""
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
                log.exception("a slot stumbled", extra={"work": handed.work_id})
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
            if slot.told:
                deadlines.clear(slot.ident)
            self._changed.notify_all()

    def _next(self, slot: _Slot) -> DispatchedRow | None:
        """The first that waits and whose customer has not as many slots as it may; None: stop."""
        with self._changed:
            while not self._stopped:
                held = Counter(one.work.customer for one in self._slots if one.work)
                for handed in self._waiting:
                    if held[handed.customer] < self.cap:
                        self._waiting.remove(handed)
                        slot.work, slot.began, slot.told = handed, time.monotonic(), False
                        # The popper may go on.
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
                    self._unring(left)
            except (RedisError, OSError) as error:
                log.warning("Redis is away: %s; trying again", type(error).__name__)
                client = None
                time.sleep(RETRY_PAUSE)
            except Exception:
                log.exception("the popper stumbled")
                time.sleep(RETRY_PAUSE)

    def _room(self) -> bool:
        """Wait until a slot is free and not too much waits; False after a while."""

        def room() -> bool:
            free = self.number - len(self._busy())
            return self._stopped or (
                free > 0 and len(self._waiting) < BUFFER_PER_SLOT * self.number
            )

        with self._changed:
            return self._changed.wait_for(room, POP_TIMEOUT) and not self._stopped

    def _watch(self) -> None:
        """End what takes far too long, and put another thread in the place of one that hangs."""
        with self._changed:
            self._slots = [one for one in self._slots if one.work is not None or not one.lost]
            for slot in self._busy():
                age = time.monotonic() - slot.began
                if age >= self.lane.longest and not slot.told:
                    slot.told = True
                    deadlines.interrupt(slot.ident)
                    log.error("work takes too long and is ended", extra=_facts(slot, age))
                elif age >= self.lane.longest + deadlines.INTERRUPT_GRACE:
                    log.error("a slot hangs: %s", _stack(slot.ident), extra=_facts(slot, age))
                    leases.let_go(slot.ident)
                    slot.lost = True
                    self._add()
            lost = sum(slot.lost for slot in self._slots)
        if lost >= self.number:
            log.error("as many threads hang as this worker has slots: it ends")
            self.fail()


def _facts(slot: _Slot, age: float) -> dict[str, object]:
    facts: dict[str, object] = {}
    if slot.work is not None:
        facts = {"work": slot.work.work_id, "kind": slot.work.kind}
    return {**facts, "seconds": round(age)}


def _stack(ident: int) -> str:
    frame = sys._current_frames().get(ident)
    return "".join(traceback.format_stack(frame)) if frame else ""
