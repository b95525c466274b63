"""Parse and validate a posted event, as openapi.json describes it."""

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

from eqsr.extras.partner_api.scale_fields import InvalidBody, check_no_more, checked_scale

EVENT_STATES = ("invited", "started", "completed", "cancelled")
MAX_SCALES = 50

_EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")


class NotJson(Exception):
    """The body is not JSON."""


@dataclass(frozen=True)
class PartnerEvent:
    """``scales`` only with ``completed``: {name, value, band {low, high}, norm, explanation}."""

    event_id: str
    state: str
    scales: tuple[dict[str, Any], ...] = ()


def read(body: bytes) -> PartnerEvent:
    """Parse an event. Raises NotJson and InvalidBody."""
    found = _json(body)
    if not isinstance(found, dict):
        raise InvalidBody("the body must be an object")
    state = found.get("state")
    if not isinstance(state, str) or state not in EVENT_STATES:
        raise InvalidBody(f"state must be one of {', '.join(EVENT_STATES)}")
    allowed = {"event_id", "state"} | ({"scales"} if state == "completed" else set())
    check_no_more(found, allowed, "the body")
    event_id = found.get("event_id")
    if not isinstance(event_id, str) or not _EVENT_ID.fullmatch(event_id):
        raise InvalidBody("event_id must be 1 to 100 letters, digits, dots, colons, dashes")
    if state != "completed":
        return PartnerEvent(event_id, state)
    scales = found.get("scales")
    if not isinstance(scales, list) or not 1 <= len(scales) <= MAX_SCALES:
        raise InvalidBody(f"scales must be a list of 1 to {MAX_SCALES}")
    return PartnerEvent(
        event_id, state, tuple(checked_scale(one, at) for at, one in enumerate(scales))
    )


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
