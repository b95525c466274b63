"""What our own records say of people, for the oracle to compare with the world's books."""

import uuid
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.orm import aliased

from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.duplicates import holding
from eqsr.duplicates.models import InvitationHold
from eqsr.instruments.catalogue import instrument
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.sittings.models import Score, Sitting
from eqsr.webhooks.models import WebhookEvent

# A task may end by these: they are our own faults, met where nobody answers.
EXPECTED_CRASHES = (OSError, RedisError)


def connection_state(organisation_id: uuid.UUID) -> str:
    """The state of a customer's connection, or ''."""
    query = select(Connection.state).where(Connection.organisation_id == organisation_id)
    state = db.session.scalar(query)
    return state.value if state else ""


def is_active(connection_id: uuid.UUID) -> bool:
    """Whether a connection works."""
    state = db.session.scalar(select(Connection.state).where(Connection.id == connection_id))
    return state is ConnectionState.ACTIVE


def ids_of(connection_id: uuid.UUID, candidate: str, ats_job: str) -> tuple[str, str]:
    """(application, its latest invitation) of a person by SmartRecruiters' ids; '' if unknown."""
    query = (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection_id, AtsJob.ats_id == ats_job)
        .where(Candidate.ats_id == candidate)
    )
    application = db.session.scalar(query)
    latest = select(Invitation.id).where(Invitation.application_id == application)
    invitation = db.session.scalar(latest.order_by(Invitation.attempt.desc()).limit(1))
    return str(application or ""), str(invitation or "")


def held(connection_id: uuid.UUID, candidates: set[str]) -> list[uuid.UUID]:
    """Applications of these people (SmartRecruiters' ids) whose invitation a person decides on."""
    query = (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .join(InvitationHold, InvitationHold.application_id == Application.id)
        .where(AtsJob.connection_id == connection_id, Candidate.ats_id.in_(sorted(candidates)))
        .where(holding.waiting())
    )
    return list(db.session.scalars(query.order_by(Application.created_at)))


def used_again() -> list[tuple[str, str, str]]:
    """(candidate, job's title, candidate who gave it) of results used again; their ids there."""
    earlier, giver, whose = aliased(Invitation), aliased(Application), aliased(Candidate)
    query = (
        select(Candidate.ats_id, Job.title, whose.ats_id)
        .select_from(Invitation)
        .join(Job, Job.id == Invitation.job_id)
        .join(Application, Application.id == Invitation.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(earlier, earlier.id == Invitation.result_of_id)
        .join(giver, giver.id == earlier.application_id)
        .join(whose, whose.id == giver.candidate_id)
    )
    return [(one or "", title, other or "") for one, title, other in db.session.execute(query)]


def blamed() -> list[tuple[str, str]]:
    """(address, fault) of the invitations that no mail could reach."""
    query = select(Invitation.email, Invitation.fault).where(
        Invitation.state == InvitationState.UNDELIVERABLE
    )
    return [(email, fault or "") for email, fault in db.session.execute(query)]


def left_queued() -> list[tuple[str, str, uuid.UUID]]:
    """(address, job, organisation) of invitations whose mail has not gone out for an hour."""
    query = (
        select(Invitation.email, Job.title, Invitation.organisation_id)
        .join(Job, Job.id == Invitation.job_id)
        .where(Invitation.state == InvitationState.QUEUED)
        .where(Invitation.queued_at < now() - timedelta(hours=1))
    )
    return [(email, title, owner) for email, title, owner in db.session.execute(query)]


def invitation_states() -> list[tuple[str, str, str]]:
    """(address, job's title, state) of all invitations."""
    query = select(Invitation.email, Job.title, Invitation.state).join(
        Job, Job.id == Invitation.job_id
    )
    return [(email, title, state.value) for email, title, state in db.session.execute(query)]


def events() -> dict[str, list[bool]]:
    """Per event id: for each row, whether it was acted on."""
    found: dict[str, list[bool]] = {}
    query = select(WebhookEvent.event_id, WebhookEvent.processed_at)
    for event_id, done in db.session.execute(query):
        found.setdefault(event_id, []).append(done is not None)
    return found


def note_scores() -> dict[str, tuple[str, dict[uuid.UUID, list[str]]]]:
    """Per candidate of ours: SmartRecruiters' id, and per invitation the words for each score."""
    found: dict[str, tuple[str, dict[uuid.UUID, list[str]]]] = {}
    for ours, theirs in db.session.execute(select(Candidate.id, Candidate.ats_id)):
        found[str(ours)] = (theirs or "", {})
    query = (
        select(
            Application.candidate_id,
            Invitation.id,
            Sitting.instrument,
            Score.scale,
            Score.outcome,
        )
        .join(Invitation, Invitation.application_id == Application.id)
        .join(Sitting, Sitting.invitation_id == Invitation.id)
        .join(Score, Score.sitting_id == Sitting.id)
        .where(Sitting.finished_at.is_not(None), Score.is_current)
    )
    for candidate_id, invited, instrument_id, scale_id, outcome in db.session.execute(query):
        scales = {scale.id: scale.name for scale in instrument(instrument_id).scales}
        result = found[str(candidate_id)][1].setdefault(invited, [])
        shown = outcome.get("band_low") is not None and outcome.get("interpretable", True)
        if scale_id in scales and shown:
            words = f"{scales[scale_id]}: {outcome['sten']} of 10"
            result.append(words)
    return found


def reasons(candidates: set[str]) -> set[str]:
    """What the activity log says of these people (SmartRecruiters' ids): the kinds of its lines."""
    query = (
        select(Activity.kind)
        .join(Application, Application.id == Activity.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Candidate.ats_id.in_(sorted(candidates)))
    )
    return {str(kind) for kind in db.session.scalars(query)}


def addresses_of_candidates() -> set[str]:
    """Addresses that candidates of SmartRecruiters still have here."""
    return {email.lower() for email in db.session.scalars(select(Candidate.email)) if email}


def addresses_kept() -> set[str]:
    """Addresses that invitations and candidates still hold."""
    kept = [*db.session.scalars(select(Invitation.email))]
    kept += filter(None, db.session.scalars(select(Candidate.email)))
    return {email.lower() for email in kept}
