"""The overview of jobs: searched, filtered and sorted in a fixed number of queries.

Candidates are counted only for the jobs of the page shown.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, case, select

from eqsr.accounts.models import User
from eqsr.connections.models import ConnectionState
from eqsr.core.db import db
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.screens.jobs import problem_queries, problems
from eqsr.screens.jobs.invitation_numbers import Numbers, numbers_of
from eqsr.screens.jobs.lists import JOBS_A_PAGE, ListPage, page_of
from eqsr.screens.jobs.overview_filter import EVERY_JOB, OverviewFilter
from eqsr.screens.jobs.overview_query import conditions_of, last_activity, order_terms
from eqsr.screens.jobs.stopped_jobs import stopped_sentences
from eqsr.teams.visibility import visible_jobs


@dataclass(frozen=True)
class JobRow:
    """A job of the overview.

    ``links``: active stage links. ``last_at``: latest activity. ``troubles``: problem sentences.
    ``disconnected``: the connection to SmartRecruiters was ended. ``stopped``: one sentence per
    SmartRecruiters job that takes nobody now.
    """

    job: Job
    links: list[StageLink]
    numbers: Numbers
    last_at: datetime
    troubles: list[str] = field(default_factory=list)
    disconnected: bool = False
    stopped: list[str] = field(default_factory=list)


def overview(user: User, page: int, wanted: OverviewFilter = EVERY_JOB) -> ListPage[JobRow]:
    """One page of the jobs that the user may see, closed ones last."""
    query = select(Job).where(visible_jobs(user), *conditions_of(wanted))
    order = (case((Job.state == JobState.CLOSED, 1), else_=0), *order_terms(wanted.order), Job.id)
    found = page_of(query, order, page, JOBS_A_PAGE)
    return ListPage(rows_of(found.items), found.number, found.pages, found.total)


def rows_of(jobs: Sequence[Job]) -> list[JobRow]:
    """The overview rows of these jobs, in a fixed number of queries."""
    ids = [job.id for job in jobs]
    links, numbers = _active_links(ids), numbers_of(ids)
    lasts = dict(map(tuple, db.session.execute(_lasts(ids))))
    ailing = problem_queries.ailing_connections(links)
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
            stopped_sentences(job, links.get(job.id, [])),
        )
        for job in jobs
    ]


def row_of(job: Job) -> JobRow:
    """The overview row of one job."""
    return rows_of([job])[0]


def _lasts(ids: list[uuid.UUID]) -> Select:
    return select(Job.id, last_activity().scalar_subquery()).where(Job.id.in_(ids))


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
