"""What the scheduler runs: tasks, and the processes that they belong to."""

from collections.abc import Callable
from typing import Any

from greenlet import greenlet


class Killed(BaseException):
    """Raised in each task of a process that is killed; nothing may catch it but the scheduler."""


class Process:
    """A process of the simulated installation, which can be killed and has a clock of its own.

    ``memory``: what the product keeps in module variables, as long as another process runs.
    ``stalled_until``: it stands still until then, like a machine that is moved.
    ``fuse``: how many seams it still passes before it is killed; None: it is not.
    """

    def __init__(self, name: str, skew: float = 0.0) -> None:
        self.name = name
        self.skew = skew
        self.dead = False
        self.fuse: int | None = None
        self.stalled_until = 0.0
        self.memory: Any = None
        self.on_death: Callable[[], None] | None = None


class Task:
    """One task; ``result`` or ``error`` is set once it has ended."""

    __slots__ = (
        "channel",
        "doomed",
        "ended",
        "error",
        "greenlet",
        "local",
        "name",
        "number",
        "process",
        "result",
        "wake",
    )

    def __init__(self, number: int, name: str, process: Process | None) -> None:
        self.number = number
        self.name = name
        self.process = process
        self.greenlet: greenlet
        self.result: Any = None
        self.error: BaseException | None = None
        self.ended = False
        self.doomed = False
        self.channel: str | None = None
        self.wake = 0  # grows with each wait, so that an older timer no longer counts
        self.local: dict[str, Any] = {}
