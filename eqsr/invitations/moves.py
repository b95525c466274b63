"""From "something changed" to a decision: the application is read again and compared."""

import logging
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates import mirror
from eqsr.candidates.models import Application, Candidate
from eqsr.connections import service as connections
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import usable_address
from eqsr.invitations import address_sync, service
from eqsr.invitations.decisions import ALREADY, Decision, Snapshot, StageRule, decide
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import JobState, StageLink
from eqsr.jobs.stage_links import links_watching
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.smartrecruiters import types as sr
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound

log = logging.getLogger(__name__)

ADDRESS_UPDATED = Decision(False, ActivityKind.ADDRESS_FOLLOWED)

# Lines that name a job of ours: for those who see it (teams.sight).
NAME_THE_JOB = (ActivityKind.JOB_NOT_OPEN, ActivityKind.ALREADY_INVITED)

# Seconds until something that looks gone is looked at again.
SECOND_LOOK = 30.0


@dataclass(frozen=True)
class EvaluationCause:
    """Why we look. ``name`` tells causes apart (an event's id); ``kind`` is what is logged
    (``MOVE_SEEN``, ``MOVE_FOUND``); ``just_moved``: an event spoke of this very move;
    ``second_look``: believe it when the application seems to be gone; ``waited``: the time to wait
    after that move is over."""

    name: str
    kind: ActivityKind
    just_moved: bool
    second_look: bool = True
    waited: bool = False


class LooksGone(Reschedule):
    """Of an application that has just been moved, SmartRecruiters says that it is gone. It may be;
    but it says the same while it has trouble with tokens."""

    def __init__(self) -> None:
        super().__init__(SECOND_LOOK, "it looks gone; it is looked at a second time")


@dataclass(frozen=True)
class Observation:
    """What SmartRecruiters says of one application."""

    candidate: sr.CandidateRecord
    application: sr.ApplicationRecord
    reading: Snapshot


def evaluate_application(
    connection: Connection, candidate_id: str, job_id: str, cause: EvaluationCause
) -> str:
    """Read one application and invite where that is due; ids are SmartRecruiters'.

    Returns a word for operators. Raises SmartRecruitersError when it can't be read now, and
    LooksGone at a first look.
    """
    links = links_watching(connection.id, job_id)
    if not links:
        return "job not connected"
    client = client_for(connection)
    try:
        seen = _read(client, candidate_id, job_id, cause)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        if not cause.second_look:
            raise LooksGone from None
        _note_gone(connection, candidate_id, job_id, cause)
        return "application gone"
    # Read again: connecting and disconnecting may have happened meanwhile.
    return _record(connection, links_watching(connection.id, job_id), seen, cause)


def reevaluate(application_id: uuid.UUID) -> str:
    """The time to wait after a move is over: is the person still there? Raises
    SmartRecruitersError."""
    application = db.session.get(Application, application_id, populate_existing=True)
    connection = connections.get(application.ats_job.connection_id)
    cause = EvaluationCause("grace", ActivityKind.LOOKED_AFTER_GRACE, just_moved=True, waited=True)
    return evaluate_application(
        connection, application.candidate.ats_id, application.ats_job.ats_id, cause
    )


def _read(
    client: SmartRecruiters, candidate_id: str, job_id: str, cause: EvaluationCause
) -> Observation:
    application = client.application(candidate_id, job_id)
    candidate = client.candidate(candidate_id)
    history = _history(client, candidate_id, job_id)
    facts = (application.stage, history, candidate.email, cause.just_moved)
    reading = Snapshot(*facts, at=now(), waited=cause.waited)
    return Observation(candidate, application, reading)


def _history(
    client: SmartRecruiters, candidate_id: str, job_id: str
) -> tuple[sr.StatusChange, ...]:
    try:
        return client.status_history(candidate_id, job_id)
    except (NoAccess, NotFound) as error:
        if error.status == 401:  # a scope that is missing is a 403
            raise
        # Without the history the word of an event has to do; see decisions.
        log.info("no status history")
        return ()


def _record(
    connection: Connection, links: list[StageLink], seen: Observation, cause: EvaluationCause
) -> str:
    if seen.reading.since:
        # Several events may tell of one stay in a stage: it is told once.
        cause = replace(cause, name=seen.reading.since.isoformat())
    if not links:
        return "job not connected"
    with transaction():
        if _was_erased(connection, links[0].ats_job_id, seen, cause):
            return "erased"
        candidate = mirror.upsert_candidate(connection.organisation_id, seen.candidate)
        application = mirror.upsert_application(
            candidate, links[0].ats_job, seen.application, seen.reading.since
        )
        _log(application, cause, cause.kind, stage=seen.reading.stage.label)
        decisions = [_apply(link, candidate, application, seen.reading, cause) for link in links]
        again = [one.look_again for one in decisions if one.look_again]
        if again:
            facts = {"connection_id": connection.id, "due_at": min(again)}
            enqueue(WorkKind.LOOK_AFTER_GRACE, application.id, once=True, **facts)
    return ", ".join(one.outcome for one in decisions)


def _was_erased(
    connection: Connection, ats_job_id: uuid.UUID, seen: Observation, cause: EvaluationCause
) -> bool:
    """Nothing is kept again of somebody whose result was erased, and nobody invites them by
    themselves: only the ledger tells why."""
    ids = seen.application.candidate_id, seen.application.job_id
    known = mirror.known_application(connection, *ids)
    if known is None:
        merged = mirror.of_other_profiles(ats_job_id, seen.application.application_id)
        known = merged[-1] if merged else None
    if known is None or mirror.lock_candidate(known.id).erased_at is None:
        return False
    stage = seen.reading.stage.label
    _log(known, cause, ActivityKind.ERASED_BEFORE, stage=stage, date=f"{known.erased_at:%Y-%m-%d}")
    return True


def _apply(
    link: StageLink,
    candidate: Candidate,
    application: Application,
    reading: Snapshot,
    cause: EvaluationCause,
) -> Decision:
    """Decide for one stage link, and do it."""
    wanted = sr.Stage(link.status, link.sub_status or None)
    before = service.for_link(link, application)
    invited = before is not None and not service.cancelled_before_sending(before)
    invited_on = before.queued_at if invited else None
    grace = timedelta(minutes=link.grace_minutes)
    is_open = link.job.state is JobState.OPEN
    decision = decide(StageRule(wanted, link.counts_from, is_open, invited_on, grace), reading)
    merged = _before_merging(link, application) if decision.invite else None
    if merged is not None:
        facts = {"job": link.job.title, "date": f"{merged.queued_at:%Y-%m-%d}"}
        _log(application, cause, ActivityKind.INVITED_BEFORE_MERGING, job_id=link.job_id, **facts)
        return ALREADY
    if decision.invite:
        address = usable_address(candidate.email)
        made = service.invite_from_stage(link, application, address, reading.stage.label)
        return decision if made else ALREADY
    if decision == ALREADY:
        there = is_open and reading.stage == wanted
        if there and address_sync.follow(before, candidate.email):
            return ADDRESS_UPDATED
        if not _came_again(reading, wanted, invited_on):
            return ALREADY
    day = invited_on or (link.counts_from if _too_early(decision, link) else None)
    kind = _word(decision, link, reading)
    _log(
        application,
        cause,
        kind,
        job_id=link.job_id if kind in NAME_THE_JOB else None,
        job=link.job.title,
        stage=reading.stage.label,
        wanted=wanted.label,
        email=candidate.email or "",
        date=f"{day:%Y-%m-%d}" if day else "",
        **({"minutes": link.grace_minutes} if link.grace_minutes else {}),
    )
    return decision


def _before_merging(link: StageLink, application: Application) -> Invitation | None:
    """An invitation to the same under another profile, with which this one was merged, if it came
    to its end. One that did not has a link that closes with that profile: so a new one is made."""
    others = mirror.of_other_profiles(link.ats_job_id, application.ats_id, application.candidate_id)
    made = [one for other in others if (one := service.for_link(link, other))]
    ended = (InvitationState.COMPLETED, InvitationState.EXPIRED)
    return next((one for one in made if one.state in ended or one.cancelled_by_id), None)


def _too_early(decision: Decision, link: StageLink) -> bool:
    """Somebody was there already, and not for as short as the recruiter has chosen."""
    return decision.kind == ActivityKind.MOVED_BEFORE_CONNECTING and link.counts_from < link.since


def _word(decision: Decision, link: StageLink, reading: Snapshot) -> ActivityKind:
    if not _too_early(decision, link):
        return decision.kind
    return ActivityKind.MOVED_TOO_EARLY if reading.since else ActivityKind.MOVE_OF_UNKNOWN_DATE


def _came_again(reading: Snapshot, wanted: sr.Stage, invited_on: datetime) -> bool:
    """The application came to the stage anew after its invitation, so somebody may wonder why
    there is no second one. Further events of the same stay are no news."""
    came = reading.came_into(wanted)
    return reading.stage == wanted and came is not None and came > invited_on


def _note_gone(
    connection: Connection, candidate_id: str, job_id: str, cause: EvaluationCause
) -> None:
    application = mirror.known_application(connection, candidate_id, job_id)
    if application is not None:
        _log(application, cause, ActivityKind.APPLICATION_GONE)


def _log(
    application: Application,
    cause: EvaluationCause,
    kind: ActivityKind,
    job_id: uuid.UUID | None = None,
    **facts: str,
) -> None:
    organisation_id = application.organisation_id
    activity.log_once(kind, organisation_id, application.id, cause.name, job_id=job_id, **facts)
