"""The inbox: an event is stored before it is acknowledged, and acted on afterwards."""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.mirror import applications_of
from eqsr.connections import mirror
from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.connections.webhook_keys import endpoint
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.deleted_candidates import candidate_deleted
from eqsr.invitations.evaluation import EvaluationCause
from eqsr.invitations.moves import LooksGone, evaluate_application
from eqsr.invitations.service import invited
from eqsr.smartrecruiters.events import (
    SUBSCRIBED_EVENTS,
    Event,
    UnreadableEvent,
    parse_event,
)
from eqsr.smartrecruiters.signature import SignatureProblem, verify
from eqsr.webhooks import inbox
from eqsr.webhooks.models import EventSource, WebhookEvent

log = logging.getLogger(__name__)

# Remembered on the event between its first look and its second.
LOOKED_GONE = "looked gone"

APPLICATION_EVENTS = ("application.created", "application.status.updated")

# SmartRecruiters' callbacks log reaches back 30 days: an event that it still has must be known.
KEEP_EVENTS = timedelta(days=60)
PURGE_BATCH = 10_000


class UnknownAddress(LookupError):
    """No connection has this webhook address."""


def receive(key: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Store a delivery to the webhook address that ends in ``key``; False when it was there.

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
        # Perhaps it is signed with a key that was made this moment.
        sender = endpoint(key, afresh=True)
        verify(sender.keys if sender else (), headers, body, now())
    return store(sender.connection_id, headers, body)


def store(
    connection_id: uuid.UUID,
    headers: Mapping[str, str],
    body: bytes,
    source: EventSource = EventSource.WEBHOOK,
) -> bool:
    """Keep an event whose signature was verified; False when it was there already.

    Raises UnreadableEvent when it can't be told apart from others.
    """
    event = parse_event(headers, body)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise UnreadableEvent("the body is not UTF-8") from None
    return inbox.put(inbox.Arrival(connection_id, event.event_id, event.name, text, source))


def process(row_id: uuid.UUID) -> None:
    """Act on a stored event. It only says that something changed: what is read again."""
    row = db.session.get(WebhookEvent, row_id, populate_existing=True)
    if row.processed_at is not None:
        return
    connection = connections.get(row.connection_id)
    try:
        event = parse_event({"event-id": row.event_id, "event-name": row.name}, row.body.encode())
        outcome = _act(connection, event, second_look=row.outcome == LOOKED_GONE)
    except UnreadableEvent as problem:
        outcome = f"unreadable: {problem}"[:100]
    except LooksGone:
        _keep(row_id, outcome=LOOKED_GONE)
        raise
    _keep(row_id, processed_at=now(), outcome=outcome)
    log.info("event %s", outcome, extra={"event": event_facts(row)})


def forget_old() -> int:
    """Delete events that were acted on a good while ago; their number."""
    old = WebhookEvent.received_at < now() - KEEP_EVENTS
    some = select(WebhookEvent.id).where(old, WebhookEvent.processed_at.is_not(None))
    with transaction() as session:
        gone = delete(WebhookEvent).where(WebhookEvent.id.in_(some.limit(PURGE_BATCH)))
        return session.execute(gone).rowcount


def _keep(row_id: uuid.UUID, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(WebhookEvent).where(WebhookEvent.id == row_id).values(**values))


def event_facts(row: WebhookEvent) -> str:
    return f"{row.name}/{row.event_id}"


def _act(connection: Connection, event: Event, second_look: bool) -> str:
    if event.name not in SUBSCRIBED_EVENTS:
        return "not of interest"
    if event.name in APPLICATION_EVENTS:
        cause = EvaluationCause(
            event.event_id, ActivityKind.MOVE_SEEN, just_moved=True, second_look=second_look
        )
        return evaluate_application(connection, event.candidate_id, event.job_id, cause)
    if event.name.startswith("job."):
        mirror.mirror_job(connection.id, event.job_id)
        return "job mirrored"
    if event.name == "candidate.updated":
        return _candidate_updated(connection, event)
    if event.name == "candidate.deleted":
        return candidate_deleted(connection, event.candidate_id)
    raise ValueError(f"nothing acts on {event.name}")


def _candidate_updated(connection: Connection, event: Event) -> str:
    """An address may have been corrected: whoever could not be invited is looked at again.

    Our own tags make this event too, so those who were invited must cost no call.
    """
    applications = applications_of(connection, event.candidate_id)
    cause = EvaluationCause(event.event_id, ActivityKind.PROFILE_CHANGED, just_moved=False)
    for application in applications:
        if not invited(application):
            evaluate_application(connection, event.candidate_id, application.ats_job.ats_id, cause)
    return "candidate known" if applications else "candidate not known"
