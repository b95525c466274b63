"""Which function does which kind of work (outbox.kinds), and how a function says that it
can't."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.lanes import COMMON, Lane

Run = Callable[[uuid.UUID], None]


@dataclass(frozen=True)
class Handler:
    """``attempts``: failures after which the work is given up. ``gave_up`` is told so.
    ``recurring``: the clock or a person begins it anew, so what failed because somebody did not
    answer ends without staying behind as dead work. ``lane``: the slots that do it
    (outbox.lanes). ``parks``: it rests while the circuit breaker of its connection is open
    (outbox.breakers)."""

    run: Run
    attempts: int
    on_dead: Callable[[uuid.UUID, str], None] | None
    recurring: bool = False
    lane: Lane = COMMON
    parks: bool = True


_handlers: dict[str, Handler] = {}


_troubled: list[Callable[[uuid.UUID, Exception], None]] = []
_known: list[Callable[[uuid.UUID], bool]] = []


def on_connection_trouble(
    tell: Callable[[uuid.UUID, Exception], None], is_known: Callable[[uuid.UUID], bool]
) -> None:
    """Register who is told when work has to wait because a connection is in trouble, and who
    answers whether a connection is known to be."""
    _troubled.append(tell)
    _known.append(is_known)


def trouble_is_known(connection_id: uuid.UUID) -> bool:
    """The connection does not work at present: work that waits for it has not failed itself."""
    return any(is_known(connection_id) for is_known in _known)


def report_connection_trouble(connection_id: uuid.UUID, error: Exception) -> None:
    for tell in _troubled:
        tell(connection_id, error)


class Reschedule(Exception):
    """Not now: take it again in ``seconds``. Not a failure."""

    def __init__(self, seconds: float, reason: str):
        super().__init__(reason)
        self.seconds = seconds


class PermanentFailure(Exception):
    """Trying again can't help."""


def handles(
    kind: WorkKind,
    *,
    attempts: int = 12,
    on_dead: Callable[[uuid.UUID, str], None] | None = None,
    recurring: bool = False,
    lane: Lane = COMMON,
    parks: bool = True,
) -> Callable[[Run], Run]:
    """Register the function that does work of ``kind``. It gets the subject's id, reads its own
    state afresh, and may be called again after it has succeeded. For the rest see Handler."""

    def register(run: Run) -> Run:
        _handlers[kind] = Handler(run, attempts, on_dead, recurring, lane, parks)
        return run

    return register


def handler(kind: str) -> Handler | None:
    return _handlers.get(kind)


def kinds() -> list[str]:
    """All kinds of work that this release knows."""
    return list(_handlers)


def lane_of(kind: str) -> Lane:
    """The lane in which work of this kind belongs."""
    return _handlers[kind].lane if kind in _handlers else COMMON


def never_parked() -> list[str]:
    """The kinds that go on while the breaker of their connection is open."""
    return [kind for kind, known in _handlers.items() if not known.parks]
