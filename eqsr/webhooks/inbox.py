"""Putting events into the inbox, several requests' at a time.

A commit waits for the disk, and everything else waits for the commit. So whoever gets the lock
writes what all waiting threads brought, in one transaction, and they find theirs done. A thread
that is alone pays nothing for it.
"""

import threading
import uuid
from collections import deque
from dataclasses import dataclass

from sqlalchemy import Table, insert

from eqsr.core.clock import now
from eqsr.core.db import core_transaction, insert_ignore, is_database_trouble, new_id
from eqsr.outbox import queue
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.outbox.service import new_row
from eqsr.webhooks.models import EventSource, WebhookEvent

# Rows of one statement; SQLite allows 32,766 values in one.
MAX_BATCH = 500

EVENTS: Table = WebhookEvent.__table__
WORK = insert(Work.__table__)


@dataclass
class Arrival:
    """An event on its way in. ``fresh`` is None until it was written (or found) and committed."""

    connection_id: uuid.UUID
    event_id: str
    name: str
    body: str
    source: EventSource = EventSource.WEBHOOK
    fresh: bool | None = None
    error: Exception | None = None


_waiting: deque[Arrival] = deque()
_writing = threading.Lock()


def put(arrival: Arrival) -> bool:
    """Store the event and the work of acting on it; False when it was there. Returns after the
    commit. Raises what the database raises; then nothing was stored."""
    _waiting.append(arrival)
    with _writing:
        while arrival.fresh is None and arrival.error is None:
            _write([_waiting.popleft() for _ in range(min(MAX_BATCH, len(_waiting)))])
    if arrival.error is not None:
        raise arrival.error
    return arrival.fresh


def _write(arrivals: list[Arrival]) -> None:
    try:
        fresh = _insert(arrivals)
    except Exception as error:
        if len(arrivals) > 1 and not is_database_trouble(error):
            for arrival in arrivals:
                _write([arrival])  # one that can't be stored must not take the others with it
            return
        for arrival in arrivals:
            arrival.error = error
        return
    for arrival, is_fresh in zip(arrivals, fresh, strict=True):
        arrival.fresh = is_fresh


def _insert(arrivals: list[Arrival]) -> list[bool]:
    moment = now()
    rows = [
        {
            "id": new_id(),
            "connection_id": arrival.connection_id,
            "event_id": arrival.event_id,
            "name": arrival.name,
            "body": arrival.body,
            "source": arrival.source,
            "received_at": moment,
        }
        for arrival in arrivals
    ]
    with core_transaction() as connection:
        inserted = insert_ignore(connection, EVENTS, rows)
        fresh = [row for row in rows if row["id"] in inserted]
        if fresh:
            connection.execute(WORK, [_work(row) for row in fresh])
    if fresh:
        queue.wake_dispatcher()
    return [row["id"] in inserted for row in rows]


def _work(event: dict) -> dict:
    return new_row(WorkKind.WEBHOOK_EVENT, event["id"], event["connection_id"])
