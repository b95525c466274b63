"""Erase who a candidate is, in their row and in the activity log. All join the transaction."""

import uuid

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.extras.fairness import self_identification
from eqsr.extras.privacy.redaction import ids_where
from eqsr.invitations.models import Invitation


def history(application_id: uuid.UUID) -> None:
    """Erase addresses and quoted texts from the application's activity log."""
    lines = select(Activity).where(Activity.application_id == application_id)
    for line in db.session.scalars(lines.execution_options(populate_existing=True)):
        line.facts = activity.impersonal(line.facts)


def person(candidate: Candidate) -> None:
    """Erase the candidate's self-identification and, if no result is left, name and address."""
    self_identification.forget(candidate.id)
    if has_results(candidate.id):
        return
    candidate.first_name = candidate.last_name = ""
    candidate.email = candidate.phone = candidate.country = None
    for application_id in ids_where(Application, Application.candidate_id == candidate.id):
        history(application_id)


def has_results(candidate_id: uuid.UUID) -> bool:
    """Whether the candidate has an invitation whose application is not erased."""
    kept = (
        select(Invitation.id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.candidate_id == candidate_id, Application.erased_at.is_(None))
    )
    return db.session.scalar(kept.limit(1)) is not None
