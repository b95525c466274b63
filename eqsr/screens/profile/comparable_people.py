"""Who can be compared: the people of a job with scores, and those who were chosen."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.core.folding import folded
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.sittings.models import Score, Sitting

MIN_PEOPLE, MAX_PEOPLE = 2, 5
OFFERED_AT_MOST = 100


def scored(job: Job, text: str = "") -> list[Invitation]:
    """The latest invitation with a result of each candidate of the job, in order of name.

    ``text`` keeps only candidates whose name contains all of its words.
    """
    latest = (
        select(func.max(Invitation.attempt))
        .where(Invitation.job_id == job.id, _has_scores())
        .where(Invitation.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    query = (
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Invitation.job_id == job.id, _has_scores())
        .where(Invitation.attempt == latest, Candidate.removed_at.is_(None))
        .where(Invitation.id.in_(select(Sitting.invitation_id)))
        .order_by(Candidate.sort_name, Invitation.id)
    )
    for word in folded(text).split():
        query = query.where(Candidate.search.contains(word, autoescape=True))
    return list(db.session.scalars(query.limit(OFFERED_AT_MOST)))


def chosen(job: Job, ids: Sequence[uuid.UUID]) -> list[Invitation]:
    """The invitations of the job with a result among ``ids``, in order of the candidates' names."""
    found = db.session.scalars(
        select(Invitation).where(
            Invitation.id.in_(ids),
            Invitation.job_id == job.id,
            _has_scores(),
            Invitation.email != "",  # empty once it was erased
        )
    )
    return sorted(found, key=lambda one: (folded(one.application.candidate.name), one.id))


def _has_scores() -> ColumnElement[bool]:
    """Completed, or ended by the clock with something that is scored."""
    score = exists().where(Sitting.invitation_id == Invitation.id, Score.sitting_id == Sitting.id)
    partly = and_(Invitation.state == InvitationState.PARTLY_COMPLETED, score)
    return or_(Invitation.state == InvitationState.COMPLETED, partly)
