"""Parse webhook subscriptions and the log of their deliveries."""

from typing import Any

from eqsr.smartrecruiters.fields import (
    child,
    identifier,
    items,
    mapping,
    needed_moment,
    needed_text,
    text,
    texts,
)
from eqsr.smartrecruiters.types.webhooks import Callback, Subscription


def subscription(document: Any) -> Subscription:
    """Parse a webhook subscription. Its events are objects in answers and names in requests."""
    document = mapping(document, "subscription")
    events = items(document, "events")
    names = [event.get("name") if isinstance(event, dict) else event for event in events]
    return Subscription(
        ats_id=identifier(document),
        callback_url=needed_text(document, "callbackUrl"),
        events=texts(names),
        # Optional in the published OpenAPI; activating an active subscription does no harm.
        status=(text(document, "status") or "inactive").lower(),
    )


def callback(document: Any) -> Callback:
    """Parse a delivery attempt from the callbacks log."""
    document = mapping(document, "callback")
    request = child(document, "requestDetails")
    body = request.get("body")
    return Callback(
        status=(text(document, "status") or "").lower(),
        timestamp=needed_moment(document, "timestamp"),
        url=text(request, "url"),
        body=body if isinstance(body, str) else "",
        headers={
            name.lower(): value
            for name, value in child(request, "headers").items()
            if isinstance(value, str)
        },
    )
