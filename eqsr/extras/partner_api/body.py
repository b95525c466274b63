"""Parse and validate request bodies, as openapi.json describes them."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT_STATES = ("invited", "started", "completed", "cancelled")
MOST_SCALES = 50
LARGEST = 1e9

_EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_TEXTS = {"norm": 300, "explanation": 4000}
_FIELDS = {"name", "value", "band", *_TEXTS}


class NotJson(Exception):
    """The body is not JSON."""


class Unfit(Exception):
    """The body does not match openapi.json; str() says where and why."""


@dataclass(frozen=True)
class PartnerEvent:
    """``scales`` only with ``completed``: {name, value, band {low, high}, norm, explanation}."""

    event_id: str
    state: str
    scales: tuple[dict[str, Any], ...] = ()


def read(body: bytes) -> PartnerEvent:
    """Parse an event. Raises NotJson and Unfit."""
    found = _json(body)
    if not isinstance(found, dict):
        raise Unfit("the body must be an object")
    state = found.get("state")
    if not isinstance(state, str) or state not in EVENT_STATES:
        raise Unfit(f"state must be one of {', '.join(EVENT_STATES)}")
    allowed = {"event_id", "state"} | ({"scales"} if state == "completed" else set())
    _only(found, allowed, "the body")
    event_id = found.get("event_id")
    if not isinstance(event_id, str) or not _EVENT_ID.fullmatch(event_id):
        raise Unfit("event_id must be 1 to 100 letters, digits, dots, colons, dashes")
    if state != "completed":
        return PartnerEvent(event_id, state)
    scales = found.get("scales")
    if not isinstance(scales, list) or not 1 <= len(scales) <= MOST_SCALES:
        raise Unfit(f"scales must be a list of 1 to {MOST_SCALES}")
    return PartnerEvent(event_id, state, tuple(_scale(one, at) for at, one in enumerate(scales)))


def as_uuid(text: str) -> uuid.UUID | None:
    """A UUID as it is written everywhere; None for anything else."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _json(body: bytes) -> Any:
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        # Half a surrogate pair is no text that a database or a page could hold.
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise NotJson from None
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _scale(one: Any, at: int) -> dict[str, Any]:
    where = f"scales[{at}]"
    if not isinstance(one, dict):
        raise Unfit(f"{where} must be an object")
    _only(one, _FIELDS, where)
    _text(one.get("name"), 1, 120, f"{where}.name")
    value = one.get("value")
    if isinstance(value, str):
        _text(value, 1, 40, f"{where}.value")
    elif not _is_number(value):
        raise Unfit(f"{where}.value must be a number or a short text")
    if "band" in one:
        _band(one["band"], f"{where}.band")
    for name, longest in _TEXTS.items():
        if name in one:
            _text(one[name], 1, longest, f"{where}.{name}", lines=name == "explanation")
    return one


def _band(band: Any, where: str) -> None:
    if not isinstance(band, dict) or band.keys() != {"low", "high"}:
        raise Unfit(f"{where} must have low and high")
    if not (_is_number(band["low"]) and _is_number(band["high"])):
        raise Unfit(f"{where} must have numbers")
    if band["low"] > band["high"]:
        raise Unfit(f"{where}: low is above high")


def _text(text: Any, shortest: int, longest: int, where: str, lines: bool = False) -> None:
    control = _CONTROL_BUT_LINES if lines else _CONTROL
    fits = isinstance(text, str) and shortest <= len(text) <= longest and not control.search(text)
    if not fits:
        raise Unfit(f"{where} must be {shortest} to {longest} characters of plain text")


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and abs(value) <= LARGEST  # which neither NaN nor infinity is


def _only(found: Mapping[str, Any], allowed: set[str], where: str) -> None:
    more = found.keys() - allowed
    if more:
        raise Unfit(f"{where} may not have {min(more)[:40]!r}")
