"""Webhook deliveries: one per event and subscription, retried until a 202 or the last redelivery.

SmartRecruiters docs, receiving webhook notifications: success is HTTP 202 within 5 s; up to 10
redeliveries follow after 1, 3, 10, 45, 120 ... 1440 minutes. Steps six to eight are a guess.
"""

import heapq
import itertools
import threading
import uuid
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from .clock import iso
from .faults import Fault
from .sending import Answer, send
from .state import Subscription

LADDER_MINUTES = (1, 3, 10, 45, 120, 240, 480, 960, 1440, 1440)
WORKERS = 16
AT_ONCE_PER_SUBSCRIPTION = 8
CALLBACK_LOG_SECONDS = 30 * 24 * 3600


@dataclass
class Delivery:
    """One callback; ``event_id`` stays the same for all attempts."""

    event_id: str
    subscription: Subscription
    name: str
    body: bytes
    link: str
    created_on: float
    state: str = "pending"  # pending, delivered, failed, abandoned or dropped
    failures: int = 0
    next_due: float | None = None
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the delivery with each of its attempts for the control API."""
        return {
            "eventId": self.event_id,
            "subscriptionId": self.subscription.id,
            "companyId": self.subscription.company_id,
            "eventName": self.name,
            "body": self.body.decode(),
            "link": self.link,
            "createdOn": iso(self.created_on),
            "state": self.state,
            "failures": self.failures,
            "nextAttemptOn": iso(self.next_due) if self.state == "pending" else None,
            "attempts": list(self.attempts),
        }


@dataclass
class _Try:
    """One planned attempt. Only attempts of the ``main`` line lead to further redeliveries."""

    delivery: Delivery
    main: bool = True
    repeats_left: int = 0


class Deliveries:
    """Plans attempts on the sandbox clock and runs them in a small thread pool."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._condition = threading.Condition()
        self._planned: list[tuple[float, int, _Try]] = []
        self._ready: dict[str, deque[_Try]] = defaultdict(deque)
        self._running: dict[str, int] = defaultdict(int)
        self._order = itertools.count()
        self._by_event_id: dict[str, Delivery] = {}
        self._begin()

    def _begin(self) -> None:
        """Start the threads that deliver; the simulation has steps of its own instead."""
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="delivery")
        self._world.clock.on_advance(self._wake)
        threading.Thread(target=self._plan_forever, name="deliveries", daemon=True).start()

    def reset(self) -> None:
        """Forget every delivery; running attempts end without a record."""
        with self._condition:
            self._planned.clear()
            self._ready.clear()
            self._by_event_id.clear()

    def restore(self, ended: list[Delivery]) -> None:
        """Remember deliveries that are not to be tried again."""
        with self._condition:
            self._by_event_id.update((delivery.event_id, delivery) for delivery in ended)

    def enqueue(self, subscription: Subscription, name: str, body: bytes, link: str) -> Delivery:
        """Plan the first attempt of a new callback, unless a fault drops, doubles or delays it."""
        now = self._world.clock.now()
        delivery = Delivery(str(uuid.uuid4()), subscription, name, body, link, now, next_due=now)
        fault = self._fault(subscription, name, ("drop", "duplicate", "reorder"))
        kind = fault.kind if fault else ""
        with self._condition:
            self._by_event_id[delivery.event_id] = delivery
            if kind == "drop":
                delivery.state = "dropped"
                return delivery
            delay = self._world.faults.delay(fault.delay_seconds) if kind == "reorder" else 0.0
            self._plan(now + delay, _Try(delivery))
            if kind == "duplicate":
                self._plan(now, _Try(delivery, main=False))
        return delivery

    def redeliver(self, event_id: str, times: int, concurrently: bool) -> bool:
        """Send a callback again ``times`` times; return False if its event-id is unknown."""
        with self._condition:
            delivery = self._by_event_id.get(event_id)
            if delivery is None:
                return False
            now = self._world.clock.now()
            if concurrently:
                for _ in range(times):
                    self._plan(now, _Try(delivery, main=False))
            else:
                self._plan(now, _Try(delivery, main=False, repeats_left=times - 1))
        return True

    def list(self) -> list[Delivery]:
        """Return every delivery, oldest first."""
        with self._condition:
            return list(self._by_event_id.values())

    def _fault(self, subscription: Subscription, name: str, kinds: tuple[str, ...]) -> Fault | None:
        return self._world.faults.pick(kinds, company=subscription.company_id, event=name)

    def _wake(self) -> None:
        with self._condition:
            self._condition.notify_all()

    def _plan(self, due: float, attempt: _Try) -> None:
        heapq.heappush(self._planned, (due, next(self._order), attempt))
        self._condition.notify_all()

    def _plan_forever(self) -> None:
        with self._condition:
            while True:
                now = self._world.clock.now()
                while self._planned and self._planned[0][0] <= now:
                    attempt = heapq.heappop(self._planned)[2]
                    self._ready[attempt.delivery.subscription.id].append(attempt)
                self._start_ready()
                wait = self._planned[0][0] - now if self._planned else None
                self._condition.wait(wait)

    def _start_ready(self) -> None:
        """Start as many attempts as fit, so that one dead receiver does not block the others."""
        for subscription_id, queue in self._ready.items():
            while queue and self._running[subscription_id] < AT_ONCE_PER_SUBSCRIPTION:
                self._running[subscription_id] += 1
                self._pool.submit(self._run, subscription_id, queue.popleft())

    def _run(self, subscription_id: str, attempt: _Try) -> None:
        try:
            self._attempt(attempt)
        finally:
            with self._condition:
                self._running[subscription_id] -= 1
                self._condition.notify_all()

    def _attempt(self, attempt: _Try) -> None:
        delivery, subscription = attempt.delivery, attempt.delivery.subscription
        if attempt.main and delivery.state != "pending":
            return
        if subscription.status != "active":
            if attempt.main:
                delivery.state = "abandoned"
            return
        world = self._world
        started_on = world.clock.now()
        stamp = started_on
        if world.settings.retry_timestamp == "original":
            stamp = delivery.created_on
        fault = self._fault(subscription, delivery.name, ("never_sign", "wrong_signature"))
        answer = send(
            subscription,
            event_id=delivery.event_id,
            event_name=delivery.name,
            event_version=world.settings.event_version,
            link=delivery.link,
            body=delivery.body,
            now=started_on,
            timestamp=_stamp(world, stamp + world.clock.skew_seconds),
            signing=fault.kind if fault else "right",
            timeout=world.settings.ack_timeout_seconds,
        )
        self._record(attempt, started_on, answer)
        if attempt.main and not answer.accepted:
            self._climb(delivery, started_on)
        if attempt.repeats_left > 0:
            again = _Try(delivery, main=False, repeats_left=attempt.repeats_left - 1)
            with self._condition:
                self._plan(world.clock.now(), again)

    def _record(self, attempt: _Try, started_on: float, answer: Answer) -> None:
        delivery = attempt.delivery
        if answer.accepted:
            delivery.state = "delivered"
        delivery.attempts.append(
            {
                "at": iso(started_on),
                "ms": round(answer.seconds * 1000, 1),
                "status": answer.status,
                "error": answer.error,
                "accepted": answer.accepted,
                "redelivery": not attempt.main,
            }
        )
        callbacks = delivery.subscription.callbacks
        callbacks.append(
            {
                "id": str(uuid.uuid4()),
                "at": started_on,
                "status": "successful" if answer.accepted else "failed",
                "url": delivery.subscription.callback_url,
                "body": delivery.body.decode(),
                "headers": answer.sent_headers,
            }
        )
        while callbacks and callbacks[0]["at"] < started_on - CALLBACK_LOG_SECONDS:
            callbacks.pop(0)

    def _climb(self, delivery: Delivery, failed_on: float) -> None:
        """Plan the next redelivery; after the last one give up or suspend the subscription."""
        delivery.failures += 1
        redeliveries = delivery.failures - 1
        if redeliveries >= self._world.settings.suspend_after_redeliveries:
            delivery.state = "failed"
            with self._world.lock:
                delivery.subscription.status = "inactive"
                delivery.subscription.suspended = True
            return
        if redeliveries >= len(LADDER_MINUTES):
            delivery.state = "failed"
            return
        due = failed_on + LADDER_MINUTES[redeliveries] * 60
        delivery.next_due = due
        with self._condition:
            self._plan(due, _Try(delivery))


def _stamp(world: Any, moment: float) -> int | float:
    return round(moment, 3) if world.settings.fractional_timestamps else int(moment)
