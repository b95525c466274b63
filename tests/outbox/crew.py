"""Two customers beside each other, and workers as processes of their own."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eqsr.ops.doctor import examine
from eqsr.outbox.models import Work as Row
from eqsr.outbox.models import WorkState
from tests.services.processes import Process, eventually, running
from tests.story import Story


@dataclass
class Crew:
    """northwind and acme, connected; ``start`` starts another worker."""

    northwind: Story
    acme: Story
    environment: dict[str, str]
    folder: Path
    stack: ExitStack
    workers: list[Process] = field(default_factory=list)

    def start(self, **environment: str) -> Process:
        log = self.folder / f"worker{len(self.workers) + 1}.log"
        command = [sys.executable, "worker.py"]
        worker = self.stack.enter_context(running(command, log, self.environment | environment))
        self.workers.append(worker)
        return worker

    def start_ready(self, number: int) -> None:
        """Start workers, and wait until each of them has done something."""
        for _ in range(number):
            worker = self.start()
            worker.wait_for_line(r".*the worker is ready.*", 60)

    def breaks(self, kind: str, **more: Any) -> None:
        """northwind's SmartRecruiters, and nobody else's."""
        match = {"company": self.northwind.company}
        self.northwind.box.post("faults", {"kind": kind, "match": match} | more)

    def mends(self) -> None:
        self.northwind.box._call("DELETE", "faults")

    def moves(self, story: Story, name: str) -> str:
        """Somebody is moved; their address."""
        address = f"{name}@{story.company.lower()}.example"
        story.moves(story.applies(address))
        return address

    def mailed_within(self, story: Story, address: str, seconds: float) -> float:
        """How many seconds it took until the mail was there."""
        started = time.monotonic()
        assert eventually(lambda: story.mails(address), seconds), self.outputs()
        return time.monotonic() - started

    def running(self, story: Story) -> list[Row]:
        rows = story.work.rows()
        ours = [row for row in rows if row.connection_id == story.connection_id]
        return [row for row in ours if row.state is WorkState.RUNNING]

    def doctor(self) -> str:
        """What doctor says of the connections and of the work."""
        app = self.northwind.world.app
        with app.app_context():
            return "\n".join(str(one) for one in examine(lambda: True))

    def outputs(self) -> str:
        return "\n".join(worker.output[-3000:] for worker in self.workers)


@contextmanager
def crew(
    northwind: Story, acme: Story, environment: dict[str, str], folder: Path
) -> Iterator[Crew]:
    with ExitStack() as stack:
        yield Crew(northwind, acme, environment, folder, stack)
