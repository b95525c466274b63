from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
import time_machine

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.reconciling import history, service
from tests.story import Story


class Sweeps:
    """Sweeps of the story's connection, begun as the clock or a person would."""

    def __init__(self, story: Story) -> None:
        self.story = story

    def begin(self, *, thorough: bool | None = None) -> int:
        with self.story.world.app.app_context():
            number = service.begin(self.story.connection_id, thorough=thorough)
            db.session.remove()
        return number

    def run(self, *, thorough: bool | None = None) -> None:
        self.begin(thorough=thorough)
        self.story.work()

    def fault(self, kind: str, **options) -> int:
        return self.story.box.post("faults", {"kind": kind, **options})["id"]

    def end(self, fault: int) -> None:
        address = f"{self.story.box.url}/sandbox/api/faults/{fault}"
        requests.delete(address, timeout=10).raise_for_status()

    def latest(self) -> dict:
        with self.story.world.app.app_context():
            facts = history.latest(self.story.connection_id)
            db.session.remove()
        return facts

    def calls(self, **query: str) -> list[dict]:
        """What the sandbox was asked for."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return self.story.box.get(f"requests?{words}")

    @contextmanager
    def later(self, **span: float) -> Iterator[None]:
        """Within the block it is later, for us and for SmartRecruiters' deliveries."""
        seconds = timedelta(**span).total_seconds()
        self.story.box.post("clock", {"skew_seconds": seconds})
        with time_machine.travel(now() + timedelta(seconds=seconds)):
            yield
            self.story.told()
        self.story.box.post("clock", {"skew_seconds": 0})


@pytest.fixture
def sweeps(story: Story) -> Sweeps:
    return Sweeps(story)
