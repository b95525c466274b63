"""What a webhook delivery says. It names what changed, never how: read the thing itself again.

Source of names and bodies: SmartRecruiters' published OpenAPI, webhooks API v201907.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eqsr.smartrecruiters.fields import is_id

SUBSCRIBED_EVENTS = (
    "application.created",
    "application.status.updated",
    "job.created",
    "job.updated",
    "job.status.updated",
    "candidate.updated",
    "candidate.deleted",
)

HANDSHAKE_HEADER = "X-Hook-Secret"

_NAME = re.compile(r"[a-z][a-z0-9.-]{0,99}")
_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,1024}")


class UnreadableEvent(ValueError):
    """A delivery that isn't an event; the text says what is wrong, without quoting it."""


@dataclass(frozen=True)
class Event:
    """``event_id`` stays the same over redeliveries: the key for dropping duplicates.

    Ignore a ``name`` outside SUBSCRIBED_EVENTS: the signature does not tell "a" + "b.c" from
    "a.b" + "c", so that only the name shows when event-id and event-name were shifted.
    Job events have a ``job_id`` alone, candidate events a ``candidate_id`` alone, application
    events both and mostly an ``application_id``.
    """

    event_id: str
    name: str
    job_id: str | None
    candidate_id: str | None
    application_id: str | None


def handshake_secret(headers: Mapping[str, str]) -> str | None:
    """The value to send back in ``X-Hook-Secret`` with a 200, or None: not a handshake.

    Look for it before reading the body, whose form in a handshake is not documented. A value that
    could not be a header again is taken for no handshake.
    """
    for name, value in headers.items():
        if name.lower() == HANDSHAKE_HEADER.lower() and _HEADER_VALUE.fullmatch(value):
            return value
    return None


def parse_event(headers: Mapping[str, str], raw_body: bytes) -> Event:
    """The event in a delivery whose signature was verified. Raises UnreadableEvent.

    ``headers`` may be in any case. Names that we did not subscribe to are read too.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    event_id, name = sent.get("event-id", ""), sent.get("event-name", "")
    if not is_id(event_id):
        raise UnreadableEvent("event-id is missing or not an id")
    if not _NAME.fullmatch(name):
        raise UnreadableEvent("event-name is missing or not a name")
    body = _json_object(raw_body)
    kind = name.split(".", 1)[0]
    # Job and candidate events call their subject "id"; all others spell it out.
    job_id = _id(body, "id" if kind == "job" and "id" in body else "job_id")
    candidate_id = _id(body, "id" if kind == "candidate" else "candidate_id")
    if kind in ("job", "application") and job_id is None:
        raise UnreadableEvent("the job's id is missing")
    if kind in ("candidate", "application") and candidate_id is None:
        raise UnreadableEvent("the candidate's id is missing")
    return Event(event_id, name, job_id, candidate_id, _id(body, "application_id"))


def _json_object(raw_body: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError):
        raise UnreadableEvent("the body is not JSON") from None
    if not isinstance(body, dict):
        raise UnreadableEvent("the body is not a JSON object")
    return body


def _id(body: Mapping[str, Any], field: str) -> str | None:
    value = body.get(field)
    if value is None:
        return None
    if not is_id(value):
        raise UnreadableEvent(f"{field} is not an id")
    return value
