"""Who may report events to us: looked up for every delivery, so remembered for a moment."""

import time
import uuid
from dataclasses import dataclass

from eqsr.connections import queries
from eqsr.connections.subscription import live_keys
from eqsr.core.db import end_read

# Seconds; a replaced key goes on signing for 24 hours, so nothing depends on being quicker.
CACHE_SECONDS = 3.0
CACHE_SIZE = 1000


@dataclass(frozen=True)
class WebhookEndpoint:
    """A connection as its webhook address sees it. ``keys`` may sign events now."""

    connection_id: uuid.UUID
    keys: tuple[str, ...]


_remembered: dict[str, tuple[float, WebhookEndpoint]] = {}


def endpoint(key: str, *, afresh: bool = False) -> WebhookEndpoint | None:
    """Whose webhook address ends in ``key``; None when nobody's. ``afresh`` asks the database."""
    if "\0" in key:  # which no database can be asked for
        return None
    known = _remembered.get(key)
    if known and not afresh and time.monotonic() - known[0] < CACHE_SECONDS:
        return known[1]
    connection = queries.by_key(key)
    if connection is None:
        return None
    found = WebhookEndpoint(connection.id, tuple(live_keys(connection)))
    end_read()
    if len(_remembered) >= CACHE_SIZE:
        _remembered.clear()
    _remembered[key] = (time.monotonic(), found)
    return found
