"""The data of a task: trials, their outcomes, and measures."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

EXPLAINED = ("answer", "rules")
"""The fields of the key that practice shows."""


@dataclass(frozen=True)
class Trial:
    """One trial. ``show`` goes to the browser; ``key`` stays on the server.

    ``number`` and ``round`` count from 1 through the whole task; people may pause between rounds.
    ``limit_ms``: time to answer; None without a limit.
    """

    number: int
    round: int
    show: Mapping[str, Any]
    key: Mapping[str, Any]
    limit_ms: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The trial as a dict ready for JSON. Trials are stored and never generated again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Trial":
        """The trial from what ``to_dict`` returned."""
        return cls(**stored)


@dataclass(frozen=True)
class TrialOutcome:
    """The outcome of a trial. ``correct`` is None if right and wrong do not apply."""

    trial_number: int
    correct: bool | None
    response_ms: float | None = None
    timed_out: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One scale's raw score with its 95 % band, both in the scale's unit.

    ``raw`` is None if there is too little to score. ``halves`` are the scores of the odd and the
    even trials.
    """

    scale: str
    raw: float | None
    low: float | None
    high: float | None
    answered: int
    items: int
    halves: tuple[float, float] | None = None


def present(trial: Trial, *, practice: bool = False) -> dict[str, Any]:
    """What the browser gets of a trial.

    Only practice, which is never scored, includes the answer and the rules that lead to it, if any.
    """
    shown = {
        "trial_number": trial.number,
        "round": trial.round,
        "limit_ms": trial.limit_ms,
        **trial.show,
    }
    return shown | {name: trial.key.get(name) for name in EXPLAINED} if practice else shown


def chance(seed: int) -> random.Random:
    """A random generator that repeats its sequence for the same seed. Not for secrets."""
    return random.Random(seed)
