"""The registry of handlers, one per kind of work, and the exceptions that they may raise."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.lanes import COMMON, Lane

Run = Callable[[uuid.UUID], None]


@dataclass(frozen=True)
class Handler:
    """The function that processes one kind of work, and how its failures are treated.

    ``attempts``: number of failures after which the work is given up.
    ``on_dead``: called with the subject's id and the reason when that happens.
    ``recurring``: the schedule or a person starts this work again anyway, so work that got no
    answer of SmartRecruiters or the database until its last attempt ends as done, not as dead.
    ``lane``: the slots that run it (outbox.lanes).
    ``parks``: it waits while the circuit breaker of its connection is open (outbox.breakers).
    """

    run: Run
    attempts: int
    on_dead: Callable[[uuid.UUID, str], None] | None
    recurring: bool = False
    lane: Lane = COMMON
    parks: bool = True


_handlers: dict[str, Handler] = {}


class Reschedule(Exception):
    """Raised by a handler to run again in ``seconds``; counts as no failure."""

    def __init__(self, seconds: float, reason: str):
        super().__init__(reason)
        self.seconds = seconds


class PermanentFailure(Exception):
    """Raised by a handler when retrying can't help."""


def handles(
    kind: WorkKind,
    *,
    attempts: int = 12,
    on_dead: Callable[[uuid.UUID, str], None] | None = None,
    recurring: bool = False,
    lane: Lane = COMMON,
    parks: bool = True,
) -> Callable[[Run], Run]:
    """Register the decorated function as handler of ``kind``; see Handler for the options.

    It gets the subject's id, must read current state itself, and must be safe to call again after
    it succeeded.
    """

    def register(run: Run) -> Run:
        _handlers[kind] = Handler(run, attempts, on_dead, recurring, lane, parks)
        return run

    return register


def handler(kind: str) -> Handler | None:
    """The handler of this kind; None if this release has none."""
    return _handlers.get(kind)


def kinds() -> list[str]:
    """All kinds of work that this release has a handler for."""
    return list(_handlers)


def lane_of(kind: str) -> Lane:
    """The lane that runs work of this kind; COMMON for unknown kinds."""
    return _handlers[kind].lane if kind in _handlers else COMMON


def never_parked() -> list[str]:
    """The kinds that run even while the breaker of their connection is open."""
    return [kind for kind, known in _handlers.items() if not known.parks]
