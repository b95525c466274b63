"""The data of a task: trials, responses, their outcomes, and measures."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

POSTED = {
    "trial_number": int,
    "response": object,
    "response_ms": (int, float),
    "shown_at": (int, float),
    "load": str,
    "focus_lost": int,
    "timed_out": bool,
}
"""The fields that the browser may send about a trial. There is no field for a score."""

MAX_RESPONSE_LENGTH = 2000
"""Characters of an answer as JSON; the longest in any task has a few hundred."""
MAX_DEPTH = 3
"""Levels of nested lists in an answer; the deepest in any task is a list of loads. Much deeper ones
could not be serialised."""

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
class Response:
    """What a person did in one trial, as the browser reported it.

    Times are the browser's (performance.now, milliseconds): ``shown_at`` counts from loading the
    page, which ``load`` names, and ``response_ms`` from showing the trial. ``focus_lost``: how
    often the page was left during the trial. ``received_ms``: time from the start of the sitting to
    the response's arrival, by the server's clock; None if unknown.
    """

    trial_number: int
    response: Any
    response_ms: float | None = None
    shown_at: float | None = None
    load: str = ""
    focus_lost: int = 0
    timed_out: bool = False
    received_ms: float | None = None

    @classmethod
    def from_posted(cls, posted: Any) -> "Response":
        """Read a posted response. Raises ValueError for unknown fields or impossible values."""
        if not isinstance(posted, dict) or posted.get("trial_number") is None:
            raise ValueError("not a response to a trial")
        for name, value in posted.items():
            kind = POSTED.get(name)
            if kind is None:
                raise ValueError(f"{name} is not a field of a response")
            if value is not None and not _is_a(value, kind):
                raise ValueError(f"{name} has an impossible value")
        if not re.fullmatch(r"[\w-]{0,64}", posted.get("load") or "", re.ASCII):
            raise ValueError("load has an impossible value")
        # allow_nan=False, as databases do not accept NaN in JSON.
        answer = posted.get("response")
        if (
            _deeper(answer, MAX_DEPTH)
            or len(json.dumps(answer, allow_nan=False)) > MAX_RESPONSE_LENGTH
        ):
            raise ValueError("the response is too long or too deep")
        return cls(**{"response": None} | {k: v for k, v in posted.items() if v is not None})

    def to_dict(self) -> dict[str, Any]:
        """The posted fields, ready for JSON."""
        return {name: getattr(self, name) for name in POSTED}


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


def _is_a(value: Any, kind: Any) -> bool:
    if kind in (int, (int, float)):
        # The comparison also rejects NaN, and works for integers of any length.
        return isinstance(value, kind) and not isinstance(value, bool) and 0 <= value < 1e9
    return isinstance(value, kind)


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (list, dict)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(one, levels - 1) for one in inside)
