"""The overview's filter and order in SQL."""

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from eqsr.activity.models import Activity
from eqsr.connections.models import AtsJob
from eqsr.core.folding import folded
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.screens.jobs.overview_filter import Order, OverviewFilter, Show
from eqsr.screens.jobs.problem_filter import in_trouble


def conditions_of(wanted: OverviewFilter) -> list[ColumnElement[bool]]:
    """SQL conditions of the filter."""
    conditions = {
        Show.ALL: [],
        Show.DRAFT: [Job.state == JobState.DRAFT],
        Show.CONNECTED: [Job.state == JobState.OPEN, Job.kind == JobKind.ATS],
        Show.LINK: [Job.kind == JobKind.LINK, Job.state != JobState.CLOSED],
        Show.CLOSED: [Job.state == JobState.CLOSED],
        Show.TROUBLE: [in_trouble()],
    }[wanted.show]
    return [*conditions, *(_has(word) for word in wanted.text.split()[:8])]


def _has(word: str) -> ColumnElement[bool]:
    plain = folded(word)
    theirs = (
        exists()
        .where(StageLink.job_id == Job.id, StageLink.ended_at.is_(None))
        .where(AtsJob.id == StageLink.ats_job_id, AtsJob.search.contains(plain, autoescape=True))
    )
    return or_(Job.search.contains(plain, autoescape=True), theirs)


def order_terms(order: Order) -> tuple:
    """ORDER BY terms of the order."""
    if order is Order.TITLE:
        return (Job.search, Job.id)
    if order is Order.ACTIVITY:
        return (func.coalesce(last_activity().scalar_subquery(), Job.created_at).desc(),)
    counted = {
        Order.INVITED: Invitation.state != InvitationState.CANCELLED,
        Order.COMPLETED: Invitation.completed_at.is_not(None),
    }[order]
    number = select(func.count()).where(Invitation.job_id == Job.id, counted).correlate(Job)
    return (number.scalar_subquery().desc(),)


def last_activity() -> Select:
    """Time of a job's latest activity, read from an index."""
    return select(func.max(Activity.at)).where(Activity.job_id == Job.id).correlate(Job)
