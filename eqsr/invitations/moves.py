"""Evaluating an application after a move: read it from SmartRecruiters, record it, decide."""

import uuid
from dataclasses import replace

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates import queries as candidate_queries
from eqsr.candidates.models import Application
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.job_status import read_again
from eqsr.connections.models import Connection
from eqsr.core.clock import day_in, now
from eqsr.core.db import db, transaction
from eqsr.invitations.applying import apply_rule
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.evaluation import EvaluationCause, log_once
from eqsr.invitations.observation import Observation, observe
from eqsr.invitations.read_lag import Known, ReadLags, is_behind, seconds_to_next_look
from eqsr.invitations.second_look import SECOND_LOOK, LooksGone
from eqsr.jobs.models import StageLink
from eqsr.jobs.stage_links import links_watching
from eqsr.merges import service as merges
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.stages import Stage


def evaluate_application(
    connection: Connection, candidate_id: str, job_id: str, cause: EvaluationCause
) -> str:
    """Read one application and invite the candidate if that is due; ids are SmartRecruiters'.

    Returns the outcome in a few words for operators. Raises SmartRecruitersError if it can't be
    read now, LooksGone if it seems to be gone and has to be looked at again, and ReadLags if the
    answer does not show the move yet.
    """
    if not links_watching(connection.id, job_id):
        return "job not connected"
    client = client_for(connection)
    try:
        seen = observe(client, candidate_id, job_id, cause)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        if merges.follow(connection, client, candidate_id):
            return "candidate merged"
        wait = _next_look(cause)
        if wait or not cause.second_look:
            raise LooksGone(wait or SECOND_LOOK) from None
        application = candidate_queries.known_application(connection, candidate_id, job_id)
        if application is not None:
            log_once(application, cause, ActivityKind.APPLICATION_GONE)
        return "application gone"
    _require_the_move(connection, seen, cause)
    # Links are read again, as stages may have been connected or disconnected meanwhile.
    links = links_watching(connection.id, job_id)
    if any(Stage(link.status, link.sub_status or None) == seen.snapshot.stage for link in links):
        read_again(links[0].ats_job)
    return _record(connection, links, seen, cause)


def _next_look(cause: EvaluationCause) -> float | None:
    """Return the seconds until the next read for a young event, None for any other cause."""
    return seconds_to_next_look(now() - cause.reported_at) if cause.reported_at else None


def _require_the_move(connection: Connection, seen: Observation, cause: EvaluationCause) -> None:
    """Raise ReadLags if SmartRecruiters may show the reported move at the next read only."""
    wait = _next_look(cause)
    if wait is None or cause.reported_at is None:
        return
    ids = seen.application.candidate_id, seen.application.job_id
    application = candidate_queries.known_application(connection, *ids)
    known = None
    if application is not None and application.read_at is not None:
        stage = Stage(application.status, application.sub_status or None)
        known = Known(stage, application.stage_since, application.read_at)
    if is_behind(seen.snapshot, cause.reported_at, known):
        raise ReadLags(wait)


def reevaluate(application_id: uuid.UUID) -> str:
    """Evaluate an application again after the grace period. Raises SmartRecruitersError."""
    application = db.session.get_one(Application, application_id, populate_existing=True)
    cause = EvaluationCause("grace", ActivityKind.LOOKED_AFTER_GRACE, just_moved=True, waited=True)
    there = ats_application(application)
    return evaluate_application(there.connection, there.candidate_id, there.job_id, cause)


def _record(
    connection: Connection, links: list[StageLink], seen: Observation, cause: EvaluationCause
) -> str:
    """Store what was read and apply each stage link; return the outcome for operators."""
    snapshot = seen.snapshot
    if snapshot.since:
        # Several events may report one stay in a stage: it is logged once.
        cause = replace(cause, name=snapshot.since.isoformat())
    if not links:
        return "job not connected"
    with transaction():
        if _was_erased(connection, links[0].ats_job_id, seen, cause):
            return "erased"
        candidate = mirror.upsert_candidate(connection.organisation_id, seen.candidate)
        merges.follow_application(candidate, links[0].ats_job_id, seen.application.application_id)
        application = mirror.upsert_application(
            candidate, links[0].ats_job, seen.application, snapshot.since
        )
        log_once(application, cause, cause.kind, stage=snapshot.stage.label)
        decisions = [apply_rule(link, candidate, application, snapshot, cause) for link in links]
        again = [one.look_again for one in decisions if one.look_again]
        if again:
            enqueue(
                WorkKind.LOOK_AFTER_GRACE,
                application.id,
                connection_id=connection.id,
                due_at=min(again),
                once=True,
            )
    return ", ".join(one.outcome for one in decisions)


def _was_erased(
    connection: Connection, ats_job_id: uuid.UUID, seen: Observation, cause: EvaluationCause
) -> bool:
    """Whether the application's result was erased, here or under a merged profile.

    If so, log that; nothing is stored about the person, and no invitation is made.
    """
    ids = seen.application.candidate_id, seen.application.job_id
    known = candidate_queries.known_application(connection, *ids)
    if known is None:
        merged = candidate_queries.of_other_profiles(ats_job_id, seen.application.application_id)
        known = merged[-1] if merged else None
    if known is None:
        return False
    locked = candidate_queries.lock_candidate(known.id)
    if locked is None or locked.erased_at is None:
        return False
    stage = seen.snapshot.stage.label
    day = day_in(connection.organisation.time_zone, locked.erased_at)
    log_once(known, cause, ActivityKind.ERASED_BEFORE, stage=stage, date=str(day))
    return True
