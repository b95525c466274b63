"""Invite candidates who are already in a stage when it is connected (the backfill).

A backfill lets moves count from an earlier time and starts a sweep of the stage, which evaluates
every candidate there. The next sweep continues what one did not finish.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.connections import stage_count
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.invitations.decisions import EPOCH
from eqsr.invitations.models import Invitation, Trigger
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling import service as reconciling
from eqsr.smartrecruiters.types.stages import Stage

DEFAULT_DAYS = 7
MOST_DAYS = 90
# How long the job's page shows the backfill's progress.
SHOWN = timedelta(days=1)


class BackfillScope(StrEnum):
    """Which candidates already in the stage are invited."""

    NONE = "none"
    RECENT = "recent"
    ALL = "all"


@dataclass(frozen=True)
class Backfill:
    """A backfill to start. ``days``: how far back RECENT goes."""

    whom: BackfillScope = BackfillScope.NONE
    days: int = DEFAULT_DAYS

    def counts_from(self, moment: datetime) -> datetime | None:
        """The time from which moves count; None for now."""
        if self.whom is BackfillScope.ALL:
            return EPOCH
        return moment - timedelta(days=self.days) if self.whom is BackfillScope.RECENT else None


@dataclass(frozen=True)
class BackfillProgress:
    """Progress of a backfill: candidates read, still to be evaluated, and invited."""

    going_on: bool
    looked_at: int
    left: int
    invited: int


def choice(whom: str, days: str) -> Backfill:
    """The backfill that a form describes. Raises UserError unless days is 1 to 90."""
    known = BackfillScope(whom) if whom in list(BackfillScope) else BackfillScope.NONE
    if known is not BackfillScope.RECENT:
        return Backfill(known)
    if not (days.isascii() and days.isdigit() and len(days) < 4 and 1 <= int(days) <= MOST_DAYS):
        raise UserError("Give the number of days as a number between 1 and 90.", "present")
    return Backfill(known, int(days))


def preview(
    connection: Connection, ats_job: AtsJob, stage: HiringStage, days: int
) -> stage_count.Present:
    """Count the candidates that a backfill would invite; see counts.present."""
    return stage_count.present(connection, ats_job, stage, now() - timedelta(days=days))


def connect(
    job: Job,
    ats_job: AtsJob,
    stage: HiringStage,
    user: User,
    terms: service.Terms,
    wish: Backfill,
    instead_of: StageLink | None = None,
) -> StageLink:
    """Watch the stage and start the backfill. Raises the errors of service.connect."""
    terms = replace(terms, counts_from=wish.counts_from(now()))
    with transaction():
        link = service.connect(
            job, ats_job, stage.status, stage.sub_status, user, terms, instead_of
        )
        # A stage watched before keeps its start time; a second press finds the sweep running.
        if link.counts_from < link.since and reconciling.stage_sweep(link) is None:
            reconciling.begin_stage(link)
            _log_backfill(link, user, wish)
        return link


def progress(link: StageLink) -> BackfillProgress | None:
    """Progress of the backfill; None if there was none or it began more than a day ago."""
    sweep = reconciling.stage_sweep(link) if link.counts_from < link.since else None
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


def stop(link: StageLink, user: User) -> bool:
    """Stop the backfill. Returns False if none was running."""
    with transaction() as session:
        session.get_one(Job, link.job_id, populate_existing=True, with_for_update=True)
        link = session.get_one(StageLink, link.id, populate_existing=True)
        if link.counts_from >= link.since:
            return False
        link.counts_from = link.since
        activity.log(
            ActivityKind.THOSE_THERE_STOPPED,
            link.job.organisation_id,
            job_id=link.job_id,
            user=user.display_name,
            stage=_stage(link),
        )
        return True


def _log_backfill(link: StageLink, user: User, wish: Backfill) -> None:
    facts: dict[str, Any] = {"user": user.display_name, "stage": _stage(link)}
    kind = ActivityKind.THOSE_THERE_INVITED
    if wish.whom is BackfillScope.RECENT:
        kind = ActivityKind.THOSE_THERE_SINCE_INVITED
        facts["date"] = f"{link.counts_from:%Y-%m-%d}"
    activity.log(kind, link.job.organisation_id, job_id=link.job_id, **facts)


def _stage(link: StageLink) -> str:
    return Stage(link.status, link.sub_status or None).label
