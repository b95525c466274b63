"""Act on stored events."""

import logging
import uuid
from typing import Any

from sqlalchemy import update

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.queries import applications_of
from eqsr.connections import job_mirror
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import candidate_refresh
from eqsr.invitations.deleted_candidates import candidate_deleted
from eqsr.invitations.evaluation import EvaluationCause
from eqsr.invitations.moves import evaluate_application
from eqsr.invitations.queries import invited
from eqsr.invitations.read_lag import reported_at
from eqsr.invitations.second_look import LooksGone
from eqsr.smartrecruiters.events import SUBSCRIBED_EVENTS, Event, UnreadableEvent, parse_event
from eqsr.webhooks.models import EventSource, WebhookEvent

log = logging.getLogger(__name__)

# Outcome stored on the event between the first and the second attempt.
LOOKED_GONE = "looked gone"

APPLICATION_EVENTS = ("application.created", "application.status.updated")


def process(row_id: uuid.UUID) -> None:
    """Act on a stored event, once.

    An event only says what changed; the current state is read from SmartRecruiters. Raises
    LooksGone or ReadLags to look again later, and what the rooms raise that act on it.
    """
    session = db.session()
    row = session.get_one(WebhookEvent, row_id, populate_existing=True)
    if row.processed_at is not None:
        return
    connection = session.get_one(Connection, row.connection_id, populate_existing=True)
    try:
        event = parse_event({"event-id": row.event_id, "event-name": row.name}, row.body.encode())
        outcome = _act(connection, event, row)
    except UnreadableEvent as problem:
        outcome = f"unreadable: {problem}"[:100]
    except LooksGone:
        _update(row_id, outcome=LOOKED_GONE)
        raise
    _update(row_id, processed_at=now(), outcome=outcome)
    log.info("event %s", outcome, extra={"event": event_facts(row)})


def _update(row_id: uuid.UUID, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(WebhookEvent).where(WebhookEvent.id == row_id).values(**values))


def event_facts(row: WebhookEvent) -> str:
    """Return the event's name and id, for logs."""
    return f"{row.name}/{row.event_id}"


def _act(connection: Connection, event: Event, row: WebhookEvent) -> str:
    """Do what the event asks for and return the outcome for operators."""
    if event.name not in SUBSCRIBED_EVENTS:
        return "not of interest"
    # parse_event made sure of the ids that each kind of event needs.
    if event.name in APPLICATION_EVENTS and event.candidate_id and event.job_id:
        cause = EvaluationCause(
            event.event_id,
            ActivityKind.MOVE_SEEN,
            just_moved=True,
            second_look=row.outcome == LOOKED_GONE,
            # What the callbacks log tells happened long ago.
            reported_at=reported_at(row.received_at, row.signed_at)
            if row.source is EventSource.WEBHOOK
            else None,
        )
        return evaluate_application(connection, event.candidate_id, event.job_id, cause)
    if event.name.startswith("job.") and event.job_id:
        job_mirror.mirror_job(connection.id, event.job_id)
        return "job mirrored"
    if event.name == "candidate.updated" and event.candidate_id:
        return _candidate_updated(connection, event.event_id, event.candidate_id)
    if event.name == "candidate.deleted" and event.candidate_id:
        looked = row.outcome == LOOKED_GONE
        return candidate_deleted(connection, event.candidate_id, second_look=looked)
    raise ValueError(f"nothing acts on {event.name}")


def _candidate_updated(connection: Connection, event_id: str, candidate_id: str) -> str:
    """Look again at the candidate, whose name or address may have been corrected.

    Applications that were not invited are evaluated at once. For others the candidate is read
    later, as our own tags cause this event too (candidate_refresh).
    """
    applications = applications_of(connection, candidate_id)
    cause = EvaluationCause(event_id, ActivityKind.PROFILE_CHANGED, just_moved=False)
    for application in applications:
        if application.ats_job is not None and not invited(application):
            evaluate_application(connection, candidate_id, application.ats_job.ats_id, cause)
    if any(invited(application) for application in applications):
        candidate_refresh.request_after_event(applications[0].candidate)
    return "candidate known" if applications else "candidate not known"
