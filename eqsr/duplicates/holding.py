"""Holding a second invitation until a person decides, and ending that. All join the transaction.

For the same job a second invitation to the same assessment is always held. For another job it
goes out, unless the organisation chose to hold it (``Organisation.hold_other_jobs``).
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, update

from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.inserts import insert_if_absent
from eqsr.duplicates import person_lock, same_person
from eqsr.duplicates.models import InvitationHold
from eqsr.duplicates.reuse import reusable_since
from eqsr.duplicates.same_person import Earlier
from eqsr.jobs.models import Job, StageLink


def earlier(link: StageLink, application: Application) -> Earlier | None:
    """What the person was invited to before.

    Two moves of one person wait for each other here, whatever their jobs.
    """
    person_lock.hold(application.candidate)
    lock = select(Job.id).where(Job.id == link.job_id)
    db.session.execute(lock.with_for_update(key_share=True))
    since = reusable_since(link.job.organisation)
    return same_person.earlier(application, link.job, link.asks_for, since)


def is_held(link: StageLink, application: Application, found: Earlier) -> bool:
    """Whether a person has to decide about this invitation; if so, it is shown to them."""
    if not found.same_job and not link.job.organisation.hold_other_jobs:
        return False
    insert_if_absent(
        InvitationHold,
        organisation_id=link.job.organisation_id,
        job_id=link.job_id,
        stage_link_id=link.id,
        application_id=application.id,
        other_application_id=found.invitation.application_id,
        same_job=found.same_job,
    )
    _set_end(link.id, application.id, None)
    return True


def end(link: StageLink, application: Application) -> None:
    """There is nothing to decide any more: the application left the stage, or was invited."""
    _set_end(link.id, application.id, now())


def _set_end(link_id: uuid.UUID, application_id: uuid.UUID, moment: datetime | None) -> None:
    is_open = InvitationHold.ended_at.is_(None)
    db.session.execute(
        update(InvitationHold)
        .where(InvitationHold.stage_link_id == link_id)
        .where(InvitationHold.application_id == application_id)
        .where(is_open if moment else ~is_open)
        .values(ended_at=moment)
    )


def waiting() -> ColumnElement[bool]:
    """The condition on InvitationHold for those that wait for a person's decision."""
    present = (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Application.id == InvitationHold.application_id)
        .where(Application.erased_at.is_(None), Candidate.removed_at.is_(None))
    )
    watched = select(StageLink.id).where(
        StageLink.id == InvitationHold.stage_link_id, StageLink.ended_at.is_(None)
    )
    return and_(InvitationHold.ended_at.is_(None), present.exists(), watched.exists())


def of_job(job_id: uuid.UUID) -> list[InvitationHold]:
    """What waits for a person's decision on this job, oldest first."""
    query = select(InvitationHold).where(InvitationHold.job_id == job_id, waiting())
    return list(db.session.scalars(query.order_by(InvitationHold.created_at)))


def of_application(job_id: uuid.UUID, application_id: uuid.UUID) -> InvitationHold | None:
    """What waits for a decision about this application to the job; None if nothing does."""
    return db.session.scalar(
        select(InvitationHold)
        .where(InvitationHold.job_id == job_id, waiting())
        .where(InvitationHold.application_id == application_id)
        .order_by(InvitationHold.created_at)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def was_held(link_id: uuid.UUID | None, application_id: uuid.UUID) -> bool:
    """Whether the stage's invitation of this application ever waited for a person's decision."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    InvitationHold.stage_link_id == link_id,
                    InvitationHold.application_id == application_id,
                )
            )
        )
    )


def counts(job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many invitations wait for a decision, for the jobs where any does."""
    rows = db.session.execute(
        select(InvitationHold.job_id, func.count())
        .where(InvitationHold.job_id.in_(job_ids), waiting())
        .group_by(InvitationHold.job_id)
    )
    return dict(rows.all())
