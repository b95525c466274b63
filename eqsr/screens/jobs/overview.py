"""The overview of jobs: searched, filtered and sorted in a fixed number of queries.

Candidates are counted only for the jobs of the page shown.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, or_, select

from eqsr.accounts.models import User
from eqsr.activity.models import Activity
from eqsr.connections.models import AtsJob, ConnectionState
from eqsr.connections.search_text import normalise
from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.screens.jobs import problems
from eqsr.screens.jobs.lists import JOBS_A_PAGE, ListPage, holds, page_of
from eqsr.teams.visibility import visible_jobs


class Show(StrEnum):
    """Filter by the state of the job."""

    ALL = "all"
    DRAFT = "draft"
    CONNECTED = "connected"
    LINK = "link"
    CLOSED = "closed"
    TROUBLE = "trouble"


class Order(StrEnum):
    """Sort order of the jobs."""

    ACTIVITY = "activity"
    TITLE = "title"
    INVITED = "invited"
    COMPLETED = "completed"


@dataclass(frozen=True)
class OverviewFilter:
    """Which jobs to show: with all words of ``text`` in the title or the SmartRecruiters job."""

    text: str = ""
    show: Show = Show.ALL
    order: Order = Order.ACTIVITY

    @property
    def narrowed(self) -> bool:
        """Whether the filter leaves anything out."""
        return bool(self.text) or self.show is not Show.ALL


@dataclass(frozen=True)
class Numbers:
    """Counts of a job's invitations."""

    invited: int = 0
    started: int = 0
    completed: int = 0
    expired: int = 0
    undeliverable: int = 0


@dataclass(frozen=True)
class JobRow:
    """A job of the overview.

    ``links``: active stage links. ``last_at``: latest activity. ``troubles``: problem sentences.
    ``disconnected``: the connection to SmartRecruiters was ended.
    """

    job: Job
    links: list[StageLink]
    numbers: Numbers
    last_at: datetime
    troubles: list[str] = field(default_factory=list)
    disconnected: bool = False


def overview_filter(text: str, show: str, order: str) -> OverviewFilter:
    """The filter from query parameters; unknown values are ignored."""
    return OverviewFilter(
        " ".join(text.replace("\x00", " ").split())[:200],
        Show(show) if show in list(Show) else Show.ALL,
        Order(order) if order in list(Order) else Order.ACTIVITY,
    )


def overview(user: User, page: int, wanted: OverviewFilter = OverviewFilter()) -> ListPage[JobRow]:
    """One page of the jobs that the user may see, closed ones last."""
    query = select(Job).where(visible_jobs(user), *_conditions(wanted))
    order = (case((Job.state == JobState.CLOSED, 1), else_=0), *_order(wanted.order), Job.id)
    found = page_of(query, order, page, JOBS_A_PAGE)
    return ListPage(rows_of(found.items), found.number, found.pages, found.total)


def rows_of(jobs: Sequence[Job]) -> list[JobRow]:
    """The overview rows of these jobs, in a fixed number of queries."""
    ids = [job.id for job in jobs]
    links, numbers = _active_links(ids), _numbers(ids)
    lasts = dict(map(tuple, db.session.execute(_lasts(ids))))
    ailing = problems.ailing_connections(links)
    troubles = problems.sentences(jobs, links, ailing)
    ended = {id_ for id_, state in ailing.items() if state is ConnectionState.DISCONNECTED}
    return [
        JobRow(
            job,
            links.get(job.id, []),
            numbers.get(job.id, Numbers()),
            lasts.get(job.id) or job.created_at,
            troubles.get(job.id, []),
            any(link.ats_job.connection_id in ended for link in links.get(job.id, [])),
        )
        for job in jobs
    ]


def row_of(job: Job) -> JobRow:
    """The overview row of one job."""
    return rows_of([job])[0]


def _conditions(wanted: OverviewFilter) -> list[ColumnElement[bool]]:
    """SQL conditions of the filter."""
    conditions = {
        Show.ALL: [],
        Show.DRAFT: [Job.state == JobState.DRAFT],
        Show.CONNECTED: [Job.state == JobState.OPEN, Job.kind == JobKind.ATS],
        Show.LINK: [Job.kind == JobKind.LINK, Job.state != JobState.CLOSED],
        Show.CLOSED: [Job.state == JobState.CLOSED],
        Show.TROUBLE: [problems.in_trouble()],
    }[wanted.show]
    return [*conditions, *(_has(word) for word in wanted.text.split()[:8])]


def _has(word: str) -> ColumnElement[bool]:
    folded = normalise(word)
    theirs = (
        exists()
        .where(StageLink.job_id == Job.id, StageLink.ended_at.is_(None))
        .where(AtsJob.id == StageLink.ats_job_id, AtsJob.search.contains(folded, autoescape=True))
    )
    # Our own titles are stored with accents only.
    ours = (holds(func.lower(Job.title), one) for one in {word, folded})
    return or_(*ours, theirs)


def _order(order: Order) -> tuple:
    if order is Order.TITLE:
        return (func.lower(Job.title),)
    if order is Order.ACTIVITY:
        return (func.coalesce(_last().scalar_subquery(), Job.created_at).desc(),)
    counted = {
        Order.INVITED: Invitation.state != InvitationState.CANCELLED,
        Order.COMPLETED: Invitation.completed_at.is_not(None),
    }[order]
    number = select(func.count()).where(Invitation.job_id == Job.id, counted).correlate(Job)
    return (number.scalar_subquery().desc(),)


def _last() -> Select:
    """Time of a job's latest activity, read from an index."""
    return select(func.max(Activity.at)).where(Activity.job_id == Job.id).correlate(Job)


def _lasts(ids: list[uuid.UUID]) -> Select:
    return select(Job.id, _last().scalar_subquery()).where(Job.id.in_(ids))


def _active_links(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[StageLink]]:
    links = db.session.scalars(
        select(StageLink)
        .where(StageLink.job_id.in_(ids), StageLink.ended_at.is_(None))
        .order_by(StageLink.created_at)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[StageLink]] = {}
    for link in links:
        found.setdefault(link.job_id, []).append(link)
    return found


def _numbers(ids: list[uuid.UUID]) -> dict[uuid.UUID, Numbers]:
    rows = db.session.execute(_COUNTED, {"ids": ids})
    return {job_id: Numbers(*numbers) for job_id, *numbers in rows}


def _count(state: InvitationState, *, but: bool = False) -> ColumnElement[int]:
    here = Invitation.state != state if but else Invitation.state == state
    return func.count(case((here, 1)))


# Built once, because building the query takes longer than running it.
_COUNTED = (
    select(
        Invitation.job_id,
        _count(InvitationState.CANCELLED, but=True),
        func.count(Invitation.started_at),
        func.count(Invitation.completed_at),
        _count(InvitationState.EXPIRED),
        _count(InvitationState.UNDELIVERABLE),
    )
    .where(Invitation.job_id.in_(bindparam("ids", expanding=True)))
    .group_by(Invitation.job_id)
)
