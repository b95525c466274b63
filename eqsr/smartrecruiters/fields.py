"""Single fields of SmartRecruiters' JSON: strict about what we need, easy on the rest."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

_UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


# Ids are UUIDs or other short opaque words. The first character rules out "." and "..".
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:=+@-]{0,199}")


def is_id(value: object) -> TypeGuard[str]:
    """Whether this can be one of SmartRecruiters' ids."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


class WrongShape(ValueError):
    """A document lacks something we can't do without; the text names the field, not its value."""


def mapping(value: Any, what: str = "document") -> Mapping[str, Any]:
    """The value, which must be a JSON object."""
    if not isinstance(value, dict):
        raise WrongShape(f"{what} is not an object")
    return value


def items(document: Mapping[str, Any], field: str) -> list[Any]:
    """A list field; absent and null count as empty."""
    value = document.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise WrongShape(f"{field} is not a list")
    return value


def child(document: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """A nested object, or an empty one when any step is missing or not an object."""
    for step in path:
        value = document.get(step)
        document = value if isinstance(value, dict) else {}
    return document


def text(document: Mapping[str, Any], field: str) -> str | None:
    """A text field, or None when it is absent, empty or not text.

    NUL and lone surrogates are taken out: JSON allows them, databases and UTF-8 do not.
    """
    value = document.get(field)
    if not isinstance(value, str):
        return None
    return value.translate(_UNSTORABLE).strip() or None


def needed_text(document: Mapping[str, Any], field: str) -> str:
    """A text field that must be there; WrongShape otherwise."""
    value = text(document, field)
    if value is None:
        raise WrongShape(f"{field} is missing")
    return value


def identifier(document: Mapping[str, Any], field: str = "id") -> str:
    """An id that must be there. Ids are opaque; some are digits, so numbers are taken too."""
    value = document.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return needed_text(document, field)


def moment(document: Mapping[str, Any], field: str) -> datetime | None:
    """An ISO 8601 date-time as aware UTC, or None when absent or unreadable.

    A time without an offset is taken as UTC.
    """
    value = text(document, field)
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is None:
            return parsed.replace(tzinfo=UTC)
        return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def needed_moment(document: Mapping[str, Any], field: str) -> datetime:
    """A date-time that must be there; WrongShape otherwise."""
    value = moment(document, field)
    if value is None:
        raise WrongShape(f"{field} is not a date-time")
    return value


def whole_number(document: Mapping[str, Any], field: str) -> int | None:
    """A non-negative whole number, or None."""
    value = document.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def texts(values: list[Any]) -> tuple[str, ...]:
    """The texts of a list, each once, in order; anything else in it is passed over."""
    found = (text({"": value}, "") for value in values)
    return tuple(dict.fromkeys(value for value in found if value is not None))
