"""A response to a trial, as the browser posts it."""

import json
import re
from dataclasses import dataclass
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
