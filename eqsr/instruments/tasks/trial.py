"""What a task is made of: trials, responses to them, and what came of each."""

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
"""What the browser may say about a trial. There is no field for a score."""

LONGEST_RESPONSE = 2000
"""Characters of an answer as JSON; the longest that a task knows has a few hundred."""
DEEPEST = 3
"""Lists in lists; the deepest that a task knows is a list of loads. What lies much deeper, no
program can write down again."""

EXPLAINED = ("answer", "rules")
"""What of the key practice shows."""


@dataclass(frozen=True)
class Trial:
    """One thing to do. ``show`` goes to the browser, ``key`` stays on the server.

    ``number`` counts from 1 through the whole task, ``round`` too; people may pause between
    rounds. ``limit_ms`` is the time to answer, None when there is no limit.
    """

    number: int
    round: int
    show: Mapping[str, Any]
    key: Mapping[str, Any]
    limit_ms: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, to be stored: what was generated is kept, never generated again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Trial":
        """The trial that ``to_dict`` gave."""
        return cls(**stored)


@dataclass(frozen=True)
class Response:
    """What a person did in one trial, as the browser told it.

    Times are the browser's own (performance.now, milliseconds): ``shown_at`` counts from the
    loading of the page, which ``load`` names, ``response_ms`` from showing the trial.
    ``focus_lost`` is how often the page was left meanwhile. ``received_ms`` is ours: from the start
    of the sitting to the arrival, by the server's clock; None where nobody looked.
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
        """Raises ValueError for anything but the known fields with sensible values."""
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
        # allow_nan=False: no database takes them for JSON.
        answer = posted.get("response")
        if _deeper(answer, DEEPEST) or len(json.dumps(answer, allow_nan=False)) > LONGEST_RESPONSE:
            raise ValueError("the response is too long or too deep")
        return cls(**{"response": None} | {k: v for k, v in posted.items() if v is not None})

    def to_dict(self) -> dict[str, Any]:
        """As the browser told it, ready for JSON."""
        return {name: getattr(self, name) for name in POSTED}


@dataclass(frozen=True)
class TrialOutcome:
    """What came of a trial. ``correct`` is None when right and wrong do not apply."""

    trial_number: int
    correct: bool | None
    response_ms: float | None = None
    timed_out: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One scale's raw score with its 95 % band, both in the scale's unit.

    ``raw`` is None when there is too little to score. ``halves`` are the scores of the odd and of
    the even trials.
    """

    scale: str
    raw: float | None
    low: float | None
    high: float | None
    answered: int
    items: int
    halves: tuple[float, float] | None = None


def present(trial: Trial, *, practice: bool = False) -> dict[str, Any]:
    """What the browser gets of a trial. Only practice, which is never scored, shows the answer
    and, where there are any, the rules that lead to it."""
    shown = {
        "trial_number": trial.number,
        "round": trial.round,
        "limit_ms": trial.limit_ms,
        **trial.show,
    }
    return shown | {name: trial.key.get(name) for name in EXPLAINED} if practice else shown


def chance(seed: int) -> random.Random:
    """A generator that gives the same sequence for the same seed. Not for secrets."""
    return random.Random(seed)


def _is_a(value: Any, kind: Any) -> bool:
    if kind in (int, (int, float)):
        # Comparing is enough for NaN, and no number has too many digits for it.
        return isinstance(value, kind) and not isinstance(value, bool) and 0 <= value < 1e9
    return isinstance(value, kind)


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (list, dict)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(one, levels - 1) for one in inside)
