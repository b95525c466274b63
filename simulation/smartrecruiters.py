"""The sandbox, stepped: its deliveries are tasks, its faults those of the simulated network."""

import re
from collections import defaultdict, deque
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sandbox.app import create_app
from sandbox.deliveries import AT_ONCE_PER_SUBSCRIPTION, Deliveries, Delivery, _Try
from sandbox.faults import Fault as SandboxFault
from sandbox.state import Company, Subscription
from sandbox.world import World
from simulation.faults import Weather
from simulation.network import SMARTRECRUITERS, Answer, client_id_in, page_environ, run
from simulation.scheduler import Scheduler
from simulation.tasks import Process

APPLICATION = re.compile(r"/candidates/([^/]+)/jobs/([^/]+)")
# For so many seconds a read may not show a move, though its event is out.
BEHIND = 30.0


class SteppedDeliveries(Deliveries):
    """Deliveries whose attempts are tasks of the scheduler, as many at once as in the sandbox."""

    scheduler: Callable[[], Scheduler]
    weather: Callable[[], Weather]
    process: Process

    def _begin(self) -> None:
        self._generation = 0

    def reset(self) -> None:
        """Forget every delivery."""
        super().reset()
        self._running.clear()
        self._generation += 1

    def _plan(self, due: float, attempt: _Try) -> None:
        generation = self._generation
        delay = max(0.0, due - self._world.clock.now())
        self.scheduler().spawn(
            f"delivery {attempt.delivery.name}",
            lambda: self._begin_attempt(generation, attempt),
            self.process,
            delay,
        )

    def _begin_attempt(self, generation: int, attempt: _Try) -> None:
        if generation != self._generation:
            return
        of = attempt.delivery.subscription.id
        self._ready[of].append(attempt)
        while self._ready[of] and self._running[of] < AT_ONCE_PER_SUBSCRIPTION:
            self._running[of] += 1
            try:
                self._attempt(self._ready[of].popleft())
            finally:
                self._running[of] -= 1

    def _record(self, attempt: _Try, started_on: float, answer: Any) -> None:
        super()._record(attempt, started_on, answer)
        task = self.scheduler().current
        if task is not None and task.local.get("forged") and answer.accepted:
            self.weather().forged.append(attempt.delivery.event_id)

    def _fault(
        self, subscription: Subscription, name: str, kinds: tuple[str, ...]
    ) -> SandboxFault | None:
        task = self.scheduler().current
        found = self.weather().of_delivery(subscription.company_id, kinds)
        if task is not None and "wrong_signature" in kinds:
            task.local["forged"] = found is not None
        if found is None:
            return None
        return SandboxFault(0, found.kind, delay_seconds=found.seconds)


class SmartRecruiters:
    """The world of SmartRecruiters, its application, and shortcuts for people who work there."""

    def __init__(self, scheduler: Callable[[], Scheduler], weather: Callable[[], Weather]) -> None:
        self.process = Process("smartrecruiters")
        chosen = type(
            "Chosen",
            (SteppedDeliveries,),
            {
                "scheduler": staticmethod(scheduler),
                "weather": staticmethod(weather),
                "process": self.process,
            },
        )
        self.world = World(f"http://{SMARTRECRUITERS}", deliveries=chosen)
        self._sandbox = create_app(self.world)
        self._kept: dict[str, Any] = {}

    def keep(self) -> None:
        """Keep the present contents."""
        self._kept = deepcopy(self.world.contents())

    def restore(self) -> None:
        """Begin with the kept contents again."""
        self.world.restore(deepcopy(self._kept))

    def company(self, company_id: str) -> Company:
        """One company's data."""
        return self.world.companies[company_id]

    def company_of(self, token: str, body: bytes) -> str:
        """The company whose credential makes a call."""
        client_id = self.world.tokens.get(token, ("", 0.0))[0] or client_id_in(body)
        credential = self.world.credentials.get(client_id)
        return credential.company_id if credential else ""

    def app(self, environ: dict[str, Any], start: Any) -> Any:
        """The sandbox; a read of an application that just moved may not show it yet."""
        late = environ.get("simulation.behind") and self._just_moved(environ["PATH_INFO"])
        faults = self.world.faults
        fault = faults.add({"kind": "behind"}) if late else None
        try:
            return self._sandbox(environ, start)
        finally:
            if fault is not None:
                faults.delete(fault.id)

    def _just_moved(self, path: str) -> bool:
        found = APPLICATION.search(path)
        for company in self.world.companies.values():
            candidate = company.candidates.get(found[1]) if found else None
            application = candidate.applications.get(found[2]) if candidate and found else None
            if application is not None:
                return bool(application.history[-1]["changedOn"] > self.world.clock.now() - BEHIND)
        return False

    def control(self, method: str, path: str, json: bytes = b"") -> Answer:
        """Call the control API."""
        environ = page_environ(
            method, f"/sandbox/api/{path}", {"Content-Type": "application/json"}, json
        )
        return run(self.app, environ)

    def pending(self) -> list[Delivery]:
        """Deliveries that are still to be made."""
        return [each for each in self.world.deliveries.list() if each.state == "pending"]


def moves_of(world: World) -> int:
    """How often people moved somebody, in all companies."""
    return sum(len(company.moves) for company in world.companies.values())


__all__ = ["Company", "SmartRecruiters", "defaultdict", "deque", "moves_of"]
