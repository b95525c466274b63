"""Finding events that we did not receive, in SmartRecruiters' log of callbacks."""

import uuid
from datetime import datetime, timedelta
from itertools import islice

from eqsr.connections.clients import client_for
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.reconciling import history, progress
from eqsr.reconciling.models import SweepKind
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.events import UnreadableEvent
from eqsr.smartrecruiters.types.webhooks import Callback
from eqsr.webhooks import service as webhooks
from eqsr.webhooks.models import EventSource

# SmartRecruiters keeps the log for 30 days (its OpenAPI, callbacks-log).
LOOK_BACK = timedelta(days=29)
# Read this much of the log again, as entries may appear in it late.
LOG_OVERLAP = timedelta(minutes=30)
LOG_PAGE = 100


def sweep(sweep_id: uuid.UUID) -> None:
    """Read one page of the log, newest first, back to the start of the last finished sweep.

    Raises SmartRecruitersError.
    """
    current = progress.get(sweep_id)
    if current is None or current.ended_at is not None:
        return
    connection = progress.connection_of(current)
    if connection.subscription_id is None:
        progress.turn_page(sweep_id, None, 0, 0)
        return
    before = datetime.fromisoformat(current.page) if current.page else None
    log = client_for(connection).callbacks_log(
        connection.subscription_id, after=_since(connection), before=before
    )
    try:
        entries = list(islice(log, LOG_PAGE))
    except NotFound:  # The subscription is gone; the health check makes a new one.
        entries = []
    found = sum(_recover(connection.id, entry) for entry in entries)
    progress.turn_page(sweep_id, _next(entries, before), len(entries), found)


def _since(connection: Connection) -> datetime:
    last = history.last_begun(connection.id, SweepKind.CALLBACKS)
    start = connection.connected_at or connection.created_at
    since = max(start, last) if last else start
    return max(since - LOG_OVERLAP, now() - LOOK_BACK)


def _next(entries: list[Callback], before: datetime | None) -> str | None:
    """Where the next page begins; None if this was the last one.

    It begins with the oldest entry again, as more entries may have the same timestamp. A page
    without anything older ends the sweep.
    """
    if len(entries) < LOG_PAGE:
        return None
    oldest = entries[-1].timestamp
    return None if before is not None and oldest >= before else oldest.isoformat()


def _recover(connection_id: uuid.UUID, entry: Callback) -> bool:
    """Store the event if we don't have it; return whether it was new.

    It needs no signature, as the log comes over our own authenticated call.
    """
    try:
        return webhooks.store(
            connection_id, entry.headers, entry.body.encode(), EventSource.CALLBACKS_LOG
        )
    except UnreadableEvent:
        return False
