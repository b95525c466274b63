"""Store events in the inbox, those of several requests in one transaction.

A commit waits for the disk, and other writers wait for the commit. So the thread that gets the lock
writes the events of all waiting threads at once. A single thread loses nothing by it.
"""

import threading
import uuid
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import core_transaction
from eqsr.core.db_errors import is_database_trouble
from eqsr.core.inserts import insert_ignore, table_of
from eqsr.outbox import wakeups
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.outbox.service import new_row
from eqsr.webhooks.models import EventSource, WebhookEvent

# Rows per statement; SQLite allows 32,766 values in one.
MAX_BATCH = 500

EVENTS = table_of(WebhookEvent)
INSERT_WORK = insert(table_of(Work))


@dataclass
class Arrival:
    """An event to be stored. ``fresh`` is None until the commit, then False for a repeated one."""

    connection_id: uuid.UUID
    event_id: str
    name: str
    body: str
    source: EventSource = EventSource.WEBHOOK
    signed_at: datetime | None = None
    fresh: bool | None = None
    error: Exception | None = None


_waiting: deque[Arrival] = deque()
_writing = threading.Lock()


def put(arrival: Arrival) -> bool:
    """Store the event and the work of acting on it; False if it was stored before.

    Returns after the commit. If the database raises, so does this, and nothing was stored.
    """
    _waiting.append(arrival)
    with _writing:
        while arrival.fresh is None and arrival.error is None:
            _write([_waiting.popleft() for _ in range(min(MAX_BATCH, len(_waiting)))])
    if arrival.error is not None:
        raise arrival.error
    return bool(arrival.fresh)


def _write(arrivals: list[Arrival]) -> None:
    try:
        fresh = _insert(arrivals)
    except Exception as error:
        if len(arrivals) > 1 and not is_database_trouble(error):
            for arrival in arrivals:
                _write([arrival])  # one at a time, so that a bad event fails alone
            return
        for arrival in arrivals:
            arrival.error = error
        return
    for arrival, is_fresh in zip(arrivals, fresh, strict=True):
        arrival.fresh = is_fresh


def _insert(arrivals: list[Arrival]) -> list[bool]:
    """Insert events with their work, and wake the dispatcher; per event, whether it was new."""
    received_at = now()
    rows = [
        {
            "id": new_id(),
            "connection_id": arrival.connection_id,
            "event_id": arrival.event_id,
            "name": arrival.name,
            "body": arrival.body,
            "source": arrival.source,
            "received_at": received_at,
            "signed_at": arrival.signed_at,
        }
        for arrival in arrivals
    ]
    with core_transaction() as connection:
        inserted = insert_ignore(connection, EVENTS, rows)
        fresh = [row for row in rows if row["id"] in inserted]
        if fresh:
            connection.execute(INSERT_WORK, [_work(row) for row in fresh])
    if fresh:
        wakeups.wake_dispatcher()
    return [row["id"] in inserted for row in rows]


def _work(event: dict[str, Any]) -> dict[str, Any]:
    return new_row(WorkKind.WEBHOOK_EVENT, event["id"], event["connection_id"])
