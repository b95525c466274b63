"""Finding a person's other profiles, and what they were invited to there."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from eqsr.candidates.models import Application, Candidate, folded_name
from eqsr.core.db import db
from eqsr.invitations.models import WITH_RESULT, Invitation, InvitationState
from eqsr.jobs.models import Job

State = InvitationState
# States of an invitation that asks for the assessment now, or has asked for it with success.
ASKED = (State.QUEUED, State.SENT, State.OPENED, State.STARTED, *WITH_RESULT)
# More people than this with one address or one phone number are no one person.
MOST_PROFILES = 20


@dataclass(frozen=True)
class Earlier:
    """An earlier invitation of the same person to the same assessment."""

    invitation: Invitation
    same_job: bool


def profiles_of(candidate: Candidate, *, by_address: bool = False) -> list[uuid.UUID]:
    """Ids of the candidate and of the organisation's other candidates who are the same person.

    The same are two with the same email address, without regard to case, or with the same name and
    the same phone number, unless only the address counts (``by_address``).
    """
    same = [Candidate.address_key == candidate.address_key] if candidate.address_key else []
    same += [Candidate.phone == candidate.phone] if candidate.phone and not by_address else []
    if not same:
        return [candidate.id]
    others = db.session.scalars(
        select(Candidate)
        .where(Candidate.organisation_id == candidate.organisation_id, or_(*same))
        .where(Candidate.id != candidate.id, Candidate.merged_into_id.is_(None))
        .where(Candidate.removed_at.is_(None))
        .order_by(Candidate.created_at)
        .limit(MOST_PROFILES)
    )
    return [candidate.id, *(one.id for one in others if _is_same(one, candidate))]


def earlier(application: Application, job: Job, assessment: str, since: datetime) -> Earlier | None:
    """The person's invitation to the same assessment by another application; the same job first.

    One to another job counts if it is still open, or was completed after ``since``.
    """
    same_job = Invitation.job_id == job.id
    completed = Invitation.state.in_(WITH_RESULT)
    ended_at = func.coalesce(Invitation.completed_at, Invitation.partly_completed_at)
    lately = or_(same_job, ~completed, ended_at > since)
    found = db.session.scalar(
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(Job, Job.id == Invitation.job_id)
        .where(Application.candidate_id.in_(profiles_of(application.candidate)))
        .where(Application.id != application.id, Invitation.email != "")
        .where(func.coalesce(Invitation.assessment, Job.assessment) == assessment)
        .where(Invitation.state.in_(ASKED), lately)
        .order_by(case((same_job, 0), else_=1), case((completed, 0), else_=1))
        .order_by(Invitation.queued_at.desc())
        .limit(1)
    )
    return Earlier(found, found.job_id == job.id) if found else None


def _is_same(one: Candidate, other: Candidate) -> bool:
    return (one.address_key is not None and one.address_key == other.address_key) or (
        one.phone is not None and one.phone == other.phone and _name(one) == _name(other) != ""
    )


def _name(candidate: Candidate) -> str:
    return folded_name(f"{candidate.first_name} {candidate.last_name}")
