"""Look up who may send to a webhook address, with a short cache: every delivery asks."""

import time
import uuid
from dataclasses import dataclass

from eqsr.connections import queries
from eqsr.connections.stored_keys import live_keys
from eqsr.core.db import end_read

# Seconds. A replaced key stays valid for 24 hours, so a stale entry does no harm.
CACHE_SECONDS = 3.0
CACHE_SIZE = 1000


@dataclass(frozen=True)
class WebhookEndpoint:
    """A connection behind a webhook address; ``keys`` may sign its events now."""

    connection_id: uuid.UUID
    keys: tuple[str, ...]


_cache: dict[str, tuple[float, WebhookEndpoint]] = {}


def endpoint(key: str, *, afresh: bool = False) -> WebhookEndpoint | None:
    """Return the connection whose webhook address ends in ``key``, or None.

    ``afresh`` skips the cache.
    """
    if "\0" in key:  # PostgreSQL refuses NUL
        return None
    known = _cache.get(key)
    if known and not afresh and time.monotonic() - known[0] < CACHE_SECONDS:
        return known[1]
    connection = queries.by_key(key)
    if connection is None:
        return None
    found = WebhookEndpoint(connection.id, tuple(live_keys(connection)))
    end_read()
    if len(_cache) >= CACHE_SIZE:
        _cache.clear()
    _cache[key] = (time.monotonic(), found)
    return found
