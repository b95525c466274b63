"""Validate one scale of a posted result, as openapi.json describes it."""

import re
from collections.abc import Mapping
from typing import Any

MAX_NUMBER = 1e9
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_TEXTS = {"norm": 300, "explanation": 4000}
_FIELDS = {"name", "value", "band", *_TEXTS}


class InvalidBody(Exception):
    """The body does not match openapi.json; str() says where and why."""


def checked_scale(one: Any, at: int) -> dict[str, Any]:
    """The scale at place ``at``, unchanged. Raises InvalidBody."""
    where = f"scales[{at}]"
    if not isinstance(one, dict):
        raise InvalidBody(f"{where} must be an object")
    check_no_more(one, _FIELDS, where)
    _text(one.get("name"), 1, 120, f"{where}.name")
    value = one.get("value")
    if isinstance(value, str):
        _text(value, 1, 40, f"{where}.value")
    elif not _is_number(value):
        raise InvalidBody(f"{where}.value must be a number or a short text")
    if "band" in one:
        _band(one["band"], f"{where}.band")
    for name, longest in _TEXTS.items():
        if name in one:
            _text(one[name], 1, longest, f"{where}.{name}", lines=name == "explanation")
    return one


def _band(band: Any, where: str) -> None:
    if not isinstance(band, dict) or band.keys() != {"low", "high"}:
        raise InvalidBody(f"{where} must have low and high")
    if not (_is_number(band["low"]) and _is_number(band["high"])):
        raise InvalidBody(f"{where} must have numbers")
    if band["low"] > band["high"]:
        raise InvalidBody(f"{where}: low is above high")


def _text(text: Any, shortest: int, longest: int, where: str, lines: bool = False) -> None:
    control = _CONTROL_BUT_LINES if lines else _CONTROL
    fits = isinstance(text, str) and shortest <= len(text) <= longest and not control.search(text)
    if not fits:
        raise InvalidBody(f"{where} must be {shortest} to {longest} characters of plain text")


def _is_number(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and abs(value) <= MAX_NUMBER  # which neither NaN nor infinity is


def check_no_more(found: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Raises InvalidBody for a field that is not ``allowed``; ``where`` names the object."""
    more = found.keys() - allowed
    if more:
        raise InvalidBody(f"{where} may not have {min(more)[:40]!r}")
