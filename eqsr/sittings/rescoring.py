"""Scoring stored sittings again, each as one piece of work."""

import uuid

from sqlalchemy import and_, exists, or_, select

from eqsr.accounts.models import User
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.norms import choosing, service
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.sittings import score_store
from eqsr.sittings.models import Score, Sitting
from eqsr.sittings.records import instrument_of


def change_norm(job: Job, instrument_id: str, norm_id: str, version: str, user: User) -> int:
    """Compare the job's scores with this norm from now on, and score its sittings again.

    Returns how many sittings are scored again. Raises NotFoundError if there is no such instrument
    or norm.
    """
    with transaction():
        instrument = choosing.choose_for_job(job, instrument_id, norm_id, version, user)
        return request_rescoring(job_id=job.id, instrument=instrument.id)


def request_rescoring(
    *,
    organisation_id: uuid.UUID | None = None,
    job_id: uuid.UUID | None = None,
    instrument: str | None = None,
    sitting_id: uuid.UUID | None = None,
) -> int:
    """Enqueue scoring every sitting with scores that matches all given values; return how many."""
    partly = and_(
        Invitation.state == InvitationState.PARTLY_COMPLETED,
        exists().where(Score.sitting_id == Sitting.id),
    )
    query = select(Sitting.id).join(Invitation)
    query = query.where(or_(Sitting.finished_at.is_not(None), partly))
    for column, wanted in (
        (Invitation.organisation_id, organisation_id),
        (Invitation.job_id, job_id),
        (Sitting.instrument, instrument),
        (Sitting.id, sitting_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    with transaction():
        ids = db.session.scalars(query.order_by(Sitting.finished_at)).all()
        for found_id in ids:
            enqueue(WorkKind.RESCORE, found_id, once=True)
        return len(ids)


def rescore(sitting_id: uuid.UUID) -> bool:
    """Score the sitting against its job's present norm, and request a new write-back.

    The old scores are kept. Returns False if nothing changed, or the sitting was erased.
    """
    with transaction() as session:
        sitting = session.scalar(
            select(Sitting)
            .where(Sitting.id == sitting_id)
            .with_for_update(of=Sitting)
            .execution_options(populate_existing=True)
        )
        if sitting is None:
            return False
        invitation = sitting.invitation
        norm = service.norm_for(invitation, instrument_of(sitting))
        score = score_store.result_of if sitting.finished_at else score_store.partial_result_of
        if not score_store.store(session, sitting, score(sitting, norm)):
            return False
        invitations.log_activity(invitation, ActivityKind.RESCORED, norm=norm.name)
        if invitation.result_at is not None:
            invitations.request_write_back(invitation)
        return True
