"""Invite candidates who are already in a stage when it is connected (the backfill).

A backfill lets moves count from an earlier time and starts a sweep of the stage, which evaluates
every candidate there. The next sweep continues what one did not finish.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import stage_count
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.core.clock import day_in, now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.invitations.decisions import EPOCH
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.reconciling import history
from eqsr.reconciling import service as reconciling
from eqsr.screens.jobs.stage_labels import stage_label

DEFAULT_DAYS = 7
MOST_DAYS = 90


class BackfillScope(StrEnum):
    """Which candidates already in the stage are invited."""

    NONE = "none"
    RECENT = "recent"
    ALL = "all"


@dataclass(frozen=True)
class Backfill:
    """A backfill to start. ``days``: how far back RECENT goes."""

    scope: BackfillScope = BackfillScope.NONE
    days: int = DEFAULT_DAYS

    def counts_from(self, moment: datetime) -> datetime | None:
        """The time from which moves count; None for now."""
        if self.scope is BackfillScope.ALL:
            return EPOCH
        return moment - timedelta(days=self.days) if self.scope is BackfillScope.RECENT else None


def choice(scope: str, days: str) -> Backfill:
    """The backfill that a form describes. Raises UserError unless days is 1 to 90."""
    known = BackfillScope(scope) if scope in list(BackfillScope) else BackfillScope.NONE
    if known is not BackfillScope.RECENT:
        return Backfill(known)
    if not (days.isascii() and days.isdigit() and len(days) < 4 and 1 <= int(days) <= MOST_DAYS):
        raise UserError("Give the number of days as a number between 1 and 90.", "present")
    return Backfill(known, int(days))


def preview(
    connection: Connection, ats_job: AtsJob, stage: HiringStage, days: int
) -> stage_count.Present:
    """Count the candidates that a backfill would invite; see stage_count.present."""
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
        if link.counts_from < link.since and history.stage_sweep(link) is None:
            reconciling.begin_stage(link)
            _log_backfill(link, user, wish)
        return link


def stop(link: StageLink, user: User) -> bool:
    """Stop the backfill. Returns False if none was running."""
    with transaction() as session:
        session.get_one(Job, link.job_id, populate_existing=True, with_for_update=True)
        link = session.get_one(StageLink, link.id, populate_existing=True)
        if link.counts_from >= link.since:
            return False
        link.counts_from = link.since
        activity.log(
            ActivityKind.BACKFILL_STOPPED,
            link.job.organisation_id,
            job_id=link.job_id,
            user=user.display_name,
            stage=stage_label(link),
        )
        return True


def _log_backfill(link: StageLink, user: User, wish: Backfill) -> None:
    facts: dict[str, Any] = {"user": user.display_name, "stage": stage_label(link)}
    kind = ActivityKind.BACKFILL_STARTED
    if wish.scope is BackfillScope.RECENT:
        kind = ActivityKind.BACKFILL_SINCE_STARTED
        facts["date"] = str(day_in(link.job.organisation.time_zone, link.counts_from))
    activity.log(kind, link.job.organisation_id, job_id=link.job_id, **facts)
