"""Who may report events to us: looked up for every delivery, so remembered for a moment."""

import time
import uuid
from dataclasses import dataclass

from eqsr.connections import queries
from eqsr.connections.subscription import live_keys
from eqsr.core.db import release

# Seconds; a replaced key goes on signing for 24 hours, so nothing depends on being quicker.
REMEMBERED = 3.0
MOST = 1000


@dataclass(frozen=True)
class Reception:
    """A connection as its webhook address sees it. ``keys`` may sign events now."""

    connection_id: uuid.UUID
    keys: tuple[str, ...]


_remembered: dict[str, tuple[float, Reception]] = {}


def reception(key: str, *, afresh: bool = False) -> Reception | None:
    """Whose webhook address ends in ``key``; None when nobody's. ``afresh`` asks the database."""
    if "\0" in key:  # which no database can be asked for
        return None
    known = _remembered.get(key)
    if known and not afresh and time.monotonic() - known[0] < REMEMBERED:
        return known[1]
    connection = queries.by_key(key)
    if connection is None:
        return None
    found = Reception(connection.id, tuple(live_keys(connection)))
    release()
    if len(_remembered) >= MOST:
        _remembered.clear()
    _remembered[key] = (time.monotonic(), found)
    return found
