"""Reminding people of candidates' requests that nobody has answered."""

from datetime import timedelta

from sqlalchemy import exists, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.extras.feedback.service import notify_people
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind

# Short enough that an answer comes within the month that GDPR article 12(3) allows.
REMIND_EVERY = timedelta(days=7)
REMINDED_PER_RUN = 100


def remind_due() -> int:
    """Email the people again about requests that wait for a week; returns how many requests."""
    before = now() - REMIND_EVERY
    told = exists().where(
        Mail.kind == WorkKind.CANDIDATE_REQUEST_MAIL,
        Mail.subject_id == CandidateRequest.id,
        Mail.created_at > before,
    )
    with transaction():
        waiting = db.session.scalars(
            select(CandidateRequest)
            .where(CandidateRequest.answered_at.is_(None), CandidateRequest.asked_at < before)
            .where(~told)
            .order_by(CandidateRequest.asked_at)
            .limit(REMINDED_PER_RUN)
            .with_for_update(of=CandidateRequest, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for request in waiting:
            notify_people(request)
        return len(waiting)
