"""Read single fields of SmartRecruiters' JSON: strict for required fields, lenient for others."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

# NUL is removed, and lone surrogates become the replacement character.
_UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}

# Ids are UUIDs or other short opaque words. The first character excludes "." and "..".
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:=+@-]{0,199}")


def is_id(value: object) -> TypeGuard[str]:
    """True if the value can be one of SmartRecruiters' ids."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


class WrongShape(ValueError):
    """A required field is missing or malformed; str() names the field, not its value."""


def mapping(value: Any, what: str = "document") -> Mapping[str, Any]:
    """Return the value if it is a JSON object; raises WrongShape otherwise."""
    if not isinstance(value, dict):
        raise WrongShape(f"{what} is not an object")
    return value


def items(document: Mapping[str, Any], field: str) -> list[Any]:
    """Read a list; empty if the field is absent or null. Raises WrongShape for anything else."""
    value = document.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        raise WrongShape(f"{field} is not a list")
    return value


def child(document: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """Follow ``path`` to a nested object; empty if a step is missing or not an object."""
    for step in path:
        value = document.get(step)
        document = value if isinstance(value, dict) else {}
    return document


def text(document: Mapping[str, Any], field: str) -> str | None:
    """Read a text, without outer spaces; None if it is absent, empty or not text.

    Removes NUL and replaces lone surrogates: JSON allows them, databases and UTF-8 do not.
    """
    value = document.get(field)
    if not isinstance(value, str):
        return None
    return value.translate(_UNSTORABLE).strip() or None


def needed_text(document: Mapping[str, Any], field: str) -> str:
    """Read a required text. Raises WrongShape."""
    value = text(document, field)
    if value is None:
        raise WrongShape(f"{field} is missing")
    return value


def identifier(document: Mapping[str, Any], field: str = "id") -> str:
    """Read a required id as text; accepts numbers too, as some ids are. Raises WrongShape."""
    value = document.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return needed_text(document, field)


def moment(document: Mapping[str, Any], field: str) -> datetime | None:
    """Read an ISO 8601 date-time as aware UTC; None if absent or unreadable.

    A time without an offset counts as UTC.
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
    """Read a required date-time. Raises WrongShape."""
    value = moment(document, field)
    if value is None:
        raise WrongShape(f"{field} is not a date-time")
    return value


def whole_number(document: Mapping[str, Any], field: str) -> int | None:
    """Read a non-negative whole number; None if it is absent or anything else."""
    value = document.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def texts(values: list[Any]) -> tuple[str, ...]:
    """Return the texts in a list, each once and in order; skips everything else."""
    found = (text({"": value}, "") for value in values)
    return tuple(dict.fromkeys(value for value in found if value is not None))
