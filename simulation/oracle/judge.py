"""Compares what happened with the world's own books."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulation.oracle import (
    deadlines,
    doubles,
    endings,
    finals,
    gone,
    invitations,
    lateness,
    notes,
    told,
)

if TYPE_CHECKING:
    from simulation.play import Play


@dataclass(frozen=True)
class Finding:
    """One rule that was broken: which, and what happened to whom.

    ``needles``: ids and addresses by which the timeline is filtered.
    """

    rule: str
    sentence: str
    needles: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.rule}: {self.sentence}"


ROOMS: tuple[Any, ...] = (
    invitations,
    doubles,
    gone,
    deadlines,
    lateness,
    notes,
    told,
    endings,
    finals,
)
CHECKS: tuple[Any, ...] = tuple(check for room in ROOMS for check in room.CHECKS)


def judge(play: "Play") -> list[Finding]:
    """All findings of one run; call it in an application context."""
    found = {str(one): one for one in (*play.early, *_all(play, CHECKS))}
    return list(found.values())


def safe(play: "Play") -> list[Finding]:
    """Findings against the rules that hold at every moment, not only in the end."""
    return list(_all(play, (*invitations.SAFE, *endings.SAFE)))


def _all(play: "Play", checks: Iterable[Any]) -> Iterator[Finding]:
    for check in checks:
        for rule, sentence, *needles in check(play):
            yield Finding(rule, sentence, tuple(filter(None, needles)))
