"""Breaks things: a schedule made from the seed, and the class that carries it out."""

import heapq
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from tools.chaos.changes import CHANGES
from tools.chaos.customers import Customer
from tools.chaos.installation import Installation
from tools.chaos.plan import Size

API = ("401", "403", "429", "500", "502", "503", "slow", "cut", "reset", "garbage", "behind")
DELIVERIES = ("drop", "duplicate", "reorder", "wrong_signature", "never_sign")
SMTP = (
    "smtp_refuse",
    "smtp_4xx",
    "smtp_quota",
    "smtp_hang",
    "smtp_drop_before_250",
    "smtp_drop_after_250",
)
PROCESSES = ("kill worker", "kill web", "wipe Redis", "Redis away")
ELSEWHERE = ("database away", "suspend", "lose subscription", "expire tokens", "outage")

# A mailbox that does not exist: refused permanently, during the whole campaign.
REFUSED = {"kind": "smtp_5xx", "match": {"address": "*@nowhere.example"}}

# A step of the sandbox's clock, so that redeliveries (after 1, 3, 10 … minutes) come soon.
MINUTE = 61


@dataclass(frozen=True, order=True)
class Event:
    """``seconds`` after the start of the storm; ``lasts`` is the duration, if there is one."""

    at: float
    what: str
    target: int
    lasts: float
    strength: float


def schedule(size: Size, seed: int) -> list[Event]:
    """Schedule every fault ``size.rounds`` times, at any time of the storm except its end."""
    rng = random.Random(f"trouble {seed}")
    kinds = [*PROCESSES, *ELSEWHERE, *CHANGES, *API, *DELIVERIES, *SMTP] * size.rounds
    kinds += ["kill worker"] * (size.rounds - 1) * 2
    events = [
        Event(
            at=rng.uniform(0.03, 0.88) * size.seconds,
            what=kind,
            target=rng.randrange(100),
            lasts=1.5 + rng.uniform(0.03, 0.08) * size.seconds,
            strength=rng.random(),
        )
        for kind in kinds
    ]
    ticks = int(size.seconds // 6)
    events += [Event(size.seconds * n / (ticks + 1), "a minute", 0, 0, 0) for n in range(1, ticks)]
    return sorted(events)


@dataclass
class Struck:
    """Number of events carried out, and how often the sandbox's faults struck."""

    events: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)


class Trouble:
    """Carries out the schedule; ``end`` repairs everything."""

    def __init__(self, here: Installation, customers: list[Customer], events: list[Event]) -> None:
        self._here, self._customers = here, customers
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="trouble")
        self._running: list[Future[None]] = []
        self._faults: dict[int, str] = {}
        self._exclusive = threading.Lock()
        self._skew = 0
        self.struck = Struck()
        here.box.post("faults", REFUSED)
        for event in events:
            self._later(event.at, lambda event=event: self._begin(event))

    def act_until(self, seconds: float) -> None:
        """Start everything that is due; long events continue in the background."""
        while self._waiting and self._waiting[0][0] <= seconds:
            heapq.heappop(self._waiting)[2]()

    def end(self) -> None:
        """Remove all faults and start every stopped process."""
        self._waiting.sort()
        for _, _, action in self._waiting:
            action()
        self._waiting.clear()
        self._pool.shutdown(wait=True)
        for future in self._running:
            future.result()
        for fault_id in list(self._faults):
            self._clear(fault_id)
        for name in self._here.parts:
            self._here.start(name)

    def a_minute(self) -> None:
        """Advance SmartRecruiters' clock by a minute; delivery timestamps keep to our clock."""
        self._skew -= MINUTE
        self._here.box.post("clock", {"advance_seconds": MINUTE, "skew_seconds": self._skew})

    def _begin(self, event: Event) -> None:
        self.struck.events[event.what] += event.what != "a minute"
        if event.what in API:
            # Usually a few calls fail, at times nearly all.
            probability = 0.05 + 0.4 * event.strength**2
            self._fault(event, probability=probability, delay_seconds=0.3 + event.strength)
        elif event.what in DELIVERIES:
            self._fault(event, probability=0.1 + 0.4 * event.strength, delay_seconds=event.lasts)
        elif event.what in SMTP:
            self._fault(event, probability=0.1 + 0.5 * event.strength, delay_seconds=2)
        elif event.what in CHANGES:
            undo = CHANGES[event.what](self._here.box, self._of(event), event.target)
            self._later(event.at + event.lasts, undo)
        else:
            getattr(self, f"_{event.what.replace(' ', '_').lower()}")(event)

    def _fault(self, event: Event, **options: Any) -> None:
        made = self._here.box.post("faults", {"kind": event.what, **options})["id"]
        self._faults[made] = event.what
        self._later(event.at + event.lasts, lambda: self._clear(made))

    def _clear(self, fault_id: int) -> None:
        kind = self._faults.pop(fault_id, None)
        if kind is None:
            return
        hits = {fault["id"]: fault["hits"] for fault in self._here.box.get("faults")}
        self.struck.hits[kind] += hits.get(fault_id, 0)
        address = f"{self._here.box.url}/sandbox/api/faults/{fault_id}"
        requests.delete(address, timeout=30).raise_for_status()

    def _kill_worker(self, event: Event) -> None:
        workers = sorted(name for name in self._here.parts if name.startswith("worker"))
        self._kill(workers[event.target % len(workers)], event)

    def _kill_web(self, event: Event) -> None:
        self._kill("web", event)

    def _kill(self, name: str, event: Event) -> None:
        self._here.kill(name)
        self._later(event.at + 0.2 + 2 * event.strength, lambda: self._here.start(name))

    def _wipe_redis(self, _: Event) -> None:
        self._here.redis.wipe()

    def _redis_away(self, event: Event) -> None:
        self._aside(lambda: self._here.redis.away(0.5 + 2 * event.strength))

    def _database_away(self, event: Event) -> None:
        self._aside(lambda: self._here.database.away(1 + event.lasts))

    def _suspend(self, event: Event) -> None:
        there = self._subscriptions(event)
        for one in self._here.box.get(there):
            self._here.box.post(f"{there}/{one['id']}/suspend")

    def _lose_subscription(self, event: Event) -> None:
        there = self._subscriptions(event)
        for one in self._here.box.get(there):
            address = f"{self._here.box.url}/sandbox/api/{there}/{one['id']}"
            requests.delete(address, timeout=30)

    def _expire_tokens(self, event: Event) -> None:
        self._here.box.post(f"companies/{self._of(event).company}/tokens/expire")

    def _outage(self, event: Event) -> None:
        """Answer every call for one customer with errors."""
        kind = ("503", "401", "403", "reset")[event.target % 4]
        match = {"company": self._of(event).company}
        made = self._here.box.post("faults", {"kind": kind, "match": match})["id"]
        self._faults[made] = f"outage {kind}"
        self._later(event.at + event.lasts, lambda: self._clear(made))

    def _a_minute(self, _: Event) -> None:
        self.a_minute()

    def _of(self, event: Event) -> Customer:
        return self._customers[event.target % len(self._customers)]

    def _subscriptions(self, event: Event) -> str:
        return f"companies/{self._of(event).company}/subscriptions"

    def _aside(self, action: Callable[[], None]) -> None:
        def alone() -> None:
            # Two simultaneous outages of one server must not restart it twice.
            with self._exclusive:
                action()

        self._running.append(self._pool.submit(alone))

    def _later(self, at: float, action: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._waiting, (at, self._order, action))
