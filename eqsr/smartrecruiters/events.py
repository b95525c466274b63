"""Parse webhook deliveries. An event names what changed but not how, so read the object again.

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
    """A delivery is not a valid event; str() says what is wrong, without quoting it."""


@dataclass(frozen=True)
class Event:
    """One event.

    ``event_id`` is the same in every redelivery, so it identifies duplicates. Ignore events whose
    ``name`` is not in SUBSCRIBED_EVENTS: the signature covers event-id and event-name joined by a
    dot, so it can't tell "a" + "b.c" from "a.b" + "c". Job events have only a ``job_id``, candidate
    events only a ``candidate_id``; application events have both, and usually an
    ``application_id``.
    """

    event_id: str
    name: str
    job_id: str | None
    candidate_id: str | None
    application_id: str | None


def handshake_secret(headers: Mapping[str, str]) -> str | None:
    """Return the value to send back in ``X-Hook-Secret`` with a 200; None if it is no handshake.

    Call this before reading the body, because the body of a handshake is not documented. A value
    that is not a valid header value counts as no handshake.
    """
    for name, value in headers.items():
        if name.lower() == HANDSHAKE_HEADER.lower() and _HEADER_VALUE.fullmatch(value):
            return value
    return None


def parse_event(headers: Mapping[str, str], raw_body: bytes) -> Event:
    """Parse a delivery whose signature was verified. Raises UnreadableEvent.

    Header names may be in any case. Events that we did not subscribe to are parsed too.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    event_id, name = sent.get("event-id", ""), sent.get("event-name", "")
    if not is_id(event_id):
        raise UnreadableEvent("event-id is missing or not an id")
    if not _NAME.fullmatch(name):
        raise UnreadableEvent("event-name is missing or not a name")
    body = _json_object(raw_body)
    kind = name.split(".", 1)[0]
    # Job and candidate events call their subject "id"; all others use "job_id" and "candidate_id".
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
