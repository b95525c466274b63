"""How far a backfill is."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, Trigger
from eqsr.jobs.models import StageLink
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling import history

# How long the job's page shows the backfill's progress.
SHOWN = timedelta(days=1)


@dataclass(frozen=True)
class BackfillProgress:
    """Progress of a backfill: candidates read, still to be evaluated, and invited."""

    going_on: bool
    looked_at: int
    left: int
    invited: int


def progress(link: StageLink) -> BackfillProgress | None:
    """Progress of the backfill; None if there was none or it began more than a day ago."""
    sweep = history.stage_sweep(link) if link.counts_from < link.since else None
    if sweep is None or now() - sweep.started_at > SHOWN:
        return None
    going = (WorkState.DUE, WorkState.RUNNING, WorkState.WAITING)
    waiting = (
        select(func.count(Work.id))
        .join(Application, Application.id == Work.subject_id)
        .where(Work.kind == WorkKind.CHECK_APPLICATION, Work.state.in_(going))
        .where(Application.ats_job_id == link.ats_job_id)
    )
    left = db.session.scalars(waiting).one()
    invited = select(func.count(Invitation.id)).where(
        Invitation.job_id == link.job_id,
        Invitation.stage_link_id == link.id,
        Invitation.trigger == Trigger.STAGE,
        Invitation.queued_at >= link.since,
    )
    reading = sweep.ended_at is None
    return BackfillProgress(
        going_on=reading or left > 0,
        looked_at=sweep.looked_at,
        left=left,
        invited=db.session.scalars(invited).one(),
    )
