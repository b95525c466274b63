"""Worker processes: a dispatcher, and slots that do work side by side.

They call the verbs of eqsr's worker in the order in which its threads would; the threads
themselves (eqsr/outbox/slots.py) are real ones and have tests of their own.
"""

from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError

from simulation.broker import Broker
from simulation.log import Log
from simulation.product import memory, setup, work
from simulation.scheduler import Scheduler
from simulation.tasks import Process

# Seconds between two rounds of a dispatcher that was woken. The real one rests a sixteenth of a
# second; each round costs as much as a row of work, so ours gathers more.
MIN_PAUSE = 0.3
# The longest time that a dispatcher with nothing to do sleeps. The real one looks four times a
# second; looking rarely is much faster and delays only what nobody enqueued.
CALM = 60.0
# While work is in hand, its leases are renewed.
BUSY = 5.0


class Worker:
    """One worker process. ``slots``: how much it does at once in the common lane."""

    def __init__(
        self, name: str, scheduler: Scheduler, broker: Broker, context: Callable[[], Any],
        log: Log, failed: list[str], *, slots: int = 6, skew: float = 0.0,
        unknown: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.process = Process(name, skew)
        self.process.memory = memory.Memory(unknown)
        self._scheduler, self._broker, self._context, self._log = scheduler, broker, context, log
        self._slots = slots
        self._busy: dict[str, list[Any]] = {lane.queue: [] for lane in work.LANES}
        self._leader = work.LeaderLock(name)
        self._buffers = {lane.queue: work.buffer(lane, self._number(lane)) for lane in work.LANES}
        self._failed = failed
        self.calm = CALM
        self._leads = False
        self.stopping = False
        scheduler.spawn(f"{name} dispatcher", self._dispatch_forever, self.process)
        scheduler.spawn(f"{name} popper", self._pop_forever, self.process)

    @property
    def dead(self) -> bool:
        """Whether the process has ended."""
        return self.process.dead

    def stop(self) -> None:
        """SIGTERM: begin nothing more, hand back what is in hand, and end."""
        self.stopping = True
        self._scheduler.spawn(f"{self.process.name} stops", self._end, self.process)

    def _end(self) -> None:
        self._scheduler.sleep(25)
        with self._context():
            try:
                work.hand_back()
            except Exception as error:
                self._log.add("worker", f"work was not handed back: {type(error).__name__}")
        self._scheduler.kill(self.process)

    def _dispatch_forever(self) -> None:
        while not self.stopping:
            pause = 1.0
            with self._context():
                try:
                    pause = self._round()
                except RedisError:
                    pass
                except Exception as error:
                    if not setup.is_trouble(error):
                        self._failed.append(f"the dispatcher failed: {error!r}")
                finally:
                    setup.end_session()
            # Whoever does not lead has nothing to hand out: waking it would only cost time.
            if not self._leads:
                self._scheduler.sleep(max(MIN_PAUSE, pause))
            elif self._scheduler.wait("wake-up", max(MIN_PAUSE, pause)):
                self._scheduler.sleep(MIN_PAUSE)

    def _round(self) -> float:
        work.renew_and_look()
        longest = BUSY if work.in_hand() else self.calm
        self._leads = self._leader.holds()
        if not self._leads:
            return min(longest, 10.0)
        dispatched, pauses = work.dispatch()
        work.tick()
        if dispatched:
            return BUSY  # whoever takes a row wakes us when it is done
        due = work.seconds_to_next_due()
        # What is overdue waits for a pause, a breaker or its turn, so looking at once is no use.
        waits = [longest, *pauses] + ([] if due is None else [due if due > 0 else BUSY])
        return min(waits)

    def _pop_forever(self) -> None:
        while not self.stopping:
            taken = False
            try:
                for lane in work.LANES:
                    taken = self._fill(lane) or taken
            except RedisError:
                self._scheduler.sleep(0.5)
                continue
            if not taken:
                self._scheduler.wait("arrivals", None)

    def _number(self, lane: Any) -> int:
        return self._slots if lane is work.LANES[0] else 2

    def _fill(self, lane: Any) -> bool:
        """Begin what fits; True if anything was begun."""
        busy, buffer = self._busy[lane.queue], self._buffers[lane.queue]
        begun = False
        while len(busy) < self._number(lane):
            while buffer.has_room and (popped := self._broker.pop(lane.queue)) is not None:
                buffer.add(popped)
            row = buffer.next(busy)
            if row is None:
                break
            busy.append(row)
            begun = True
            self._scheduler.spawn(
                f"{self.process.name} {row.kind}", lambda row=row: self._do(lane, row), self.process
            )
        return begun

    def _do(self, lane: Any, row: Any) -> None:
        task = self._scheduler.current
        if task is not None:
            task.local["patient"] = lane.patient
            task.local["customer"] = row.customer
        try:
            with self._context():
                work.perform(row)
        except Exception as error:
            if not setup.is_trouble(error):
                self._failed.append(f"a slot failed: {error!r}")
        finally:
            self._busy[lane.queue].remove(row)
            self._scheduler.notify("arrivals")
