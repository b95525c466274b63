"""Scoring again what is stored: one durable piece of work per sitting."""

import uuid

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.kinds import ActivityKind
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.norms import groups, service
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue
from eqsr.sittings import score_store
from eqsr.sittings.models import Sitting
from eqsr.sittings.records import instrument_of


def change_norm(job: Job, instrument_id: str, norm_id: str, version: str, user: User) -> int:
    """Compare the job's scores with this norm from now on, and score its sittings again.

    Returns how many sittings are scored again. Raises NotFoundError.
    """
    with transaction():
        instrument = groups.choose_for_job(job, instrument_id, norm_id, version, user)
        return want(job_id=job.id, instrument=instrument.id)


def want(
    *,
    organisation_id: uuid.UUID | None = None,
    job_id: uuid.UUID | None = None,
    instrument: str | None = None,
    sitting_id: uuid.UUID | None = None,
) -> int:
    """Write down the work for every finished sitting of these; how many there are."""
    query = select(Sitting.id).join(Invitation).where(Sitting.finished_at.is_not(None))
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
        for one in ids:
            enqueue(WorkKind.RESCORE, one, once=True)
        return len(ids)


def rescore(sitting_id: uuid.UUID) -> bool:
    """Score the sitting against the norm that its job has now. False when nothing changed, or
    the sitting was erased since.

    The old scores stay beside the new ones, and SmartRecruiters' note is written anew.
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
        if not score_store.keep(session, sitting, score_store.result_of(sitting, norm)):
            return False
        invitations.log_activity(invitation, ActivityKind.RESCORED, norm=norm.name)
        if invitation.state is InvitationState.COMPLETED:
            invitations.request_write_back(invitation)
        return True
