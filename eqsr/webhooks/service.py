"""Receive events: verify each one and store it before it is acknowledged."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from eqsr.connections.webhook_keys import endpoint
from eqsr.core.clock import now
from eqsr.smartrecruiters.events import UnreadableEvent, parse_event
from eqsr.smartrecruiters.signature import SignatureProblem, signed_at, verify
from eqsr.webhooks import inbox
from eqsr.webhooks.models import EventSource


class UnknownAddress(LookupError):
    """No connection has this webhook address."""


def receive(key: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Verify and store a delivery to the address that ends in ``key``; False if it was stored.

    Raises UnknownAddress, SignatureProblem or UnreadableEvent.
    """
    sender = endpoint(key)
    if sender is None:
        raise UnknownAddress
    try:
        verify(sender.keys, headers, body, now())
    except SignatureProblem as problem:
        if problem.reason not in ("mismatch", "no_secret"):
            raise
        # The cached keys may be older than the key that signed it.
        sender = endpoint(key, afresh=True)
        if sender is None:
            raise
        verify(sender.keys, headers, body, now())
    return store(sender.connection_id, headers, body, signed_at=signed_at(headers))


def store(
    connection_id: uuid.UUID,
    headers: Mapping[str, str],
    body: bytes,
    source: EventSource = EventSource.WEBHOOK,
    signed_at: datetime | None = None,
) -> bool:
    """Store an event whose signature was verified; False if it was stored already.

    ``signed_at``: when its delivery was signed; None for one that was not delivered.
    Raises UnreadableEvent without an id or a name, or for a body that is not UTF-8.
    """
    event = parse_event(headers, body)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise UnreadableEvent("the body is not UTF-8") from None
    arrival = inbox.Arrival(connection_id, event.event_id, event.name, text, source, signed_at)
    return inbox.put(arrival)
