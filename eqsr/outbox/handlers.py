"""Which function does which kind of work, and how a function says that it can't."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Handler:
    """``attempts``: failures after which the work is dead. ``gave_up`` is told so."""

    run: Callable[[uuid.UUID], None]
    attempts: int
    gave_up: Callable[[uuid.UUID, str], None] | None


_handlers: dict[str, Handler] = {}


_troubled: list[Callable[[uuid.UUID, Exception], None]] = []


def on_connection_trouble(tell: Callable[[uuid.UUID, Exception], None]) -> Callable:
    """Register who is told when work has to wait because a connection is in trouble."""
    _troubled.append(tell)
    return tell


def tell_of_trouble(connection_id: uuid.UUID, error: Exception) -> None:
    for tell in _troubled:
        tell(connection_id, error)


class PutBack(Exception):
    """Not now: take it again in ``seconds``. Not a failure."""

    def __init__(self, seconds: float, reason: str):
        super().__init__(reason)
        self.seconds = seconds


class GiveUp(Exception):
    """Trying again can't help."""


def handles(
    kind: str,
    *,
    attempts: int = 12,
    gave_up: Callable[[uuid.UUID, str], None] | None = None,
) -> Callable:
    """Register the function that does work of ``kind``. It gets the subject's id, reads its own
    state afresh, and may be called again after it has succeeded."""

    def register(run: Callable[[uuid.UUID], None]) -> Callable[[uuid.UUID], None]:
        _handlers[kind] = Handler(run, attempts, gave_up)
        return run

    return register


def handler(kind: str) -> Handler | None:
    return _handlers.get(kind)
