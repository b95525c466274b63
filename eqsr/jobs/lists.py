"""What the pages of jobs list, each in a fixed number of queries."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, case, func, select

from eqsr.accounts.models import User
from eqsr.connections.models import HiringStage
from eqsr.db import db
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.teams.sight import visible_jobs

JOBS_A_PAGE = 25
INVITATIONS_A_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page of a list; ``number`` counts from 1 and is a page that exists."""

    items: Sequence[T]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class JobRow:
    """A job of the overview: what it is connected to, and how far its candidates are.

    ``trouble`` is a sentence, or empty.
    """

    job: Job
    link: StageLink | None
    invited: int
    started: int
    completed: int
    trouble: str


def overview(user: User, page: int) -> Listed[JobRow]:
    """The jobs that the user sees: the latest first, closed ones at the end."""
    mine = select(Job).where(visible_jobs(user))
    order = (case((Job.state == JobState.CLOSED, 1), else_=0), Job.created_at.desc(), Job.id)
    found = page_of(mine, order, page, JOBS_A_PAGE)
    ids = [job.id for job in found.items]
    links = _active_links(ids)
    missing = _missing_stages(list(links.values()))
    progress = _progress(ids)
    rows = [
        JobRow(
            job,
            links.get(job.id),
            *progress.get(job.id, (0, 0, 0)),
            _trouble(links.get(job.id), missing),
        )
        for job in found.items
    ]
    return Listed(rows, found.number, found.pages, found.total)


def row_of(job: Job) -> JobRow:
    """The same for one job."""
    link = _active_links([job.id]).get(job.id)
    numbers = _progress([job.id]).get(job.id, (0, 0, 0))
    trouble = _trouble(link, _missing_stages([link] if link else []))
    return JobRow(job, link, *numbers, trouble)


def page_of(query: Select, order: tuple, number: int, size: int) -> Listed:
    """Page ``number`` of what a query finds, or the nearest that exists: two queries."""
    total = db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True))
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    rows = db.session.scalars(query.order_by(*order).limit(size).offset((number - 1) * size))
    return Listed(rows.all(), number, pages, total)


def _active_links(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, StageLink]:
    links = db.session.scalars(
        select(StageLink)
        .where(StageLink.job_id.in_(job_ids), StageLink.ended_at.is_(None))
        .order_by(StageLink.since)
    )
    return {link.job_id: link for link in links}


def _progress(job_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int, int]]:
    """Per job: how many were invited, have started, have completed."""
    invited = case((Invitation.state != InvitationState.CANCELLED, 1))
    rows = db.session.execute(
        select(
            Invitation.job_id,
            func.count(invited),
            func.count(Invitation.started_at),
            func.count(Invitation.completed_at),
        )
        .where(Invitation.job_id.in_(job_ids))
        .group_by(Invitation.job_id)
    )
    return {job_id: (invited, started, completed) for job_id, invited, started, completed in rows}


def _missing_stages(links: list[StageLink]) -> set[tuple[uuid.UUID, str, str]]:
    """Stages that SmartRecruiters no longer has."""
    connections = {link.ats_job.connection_id for link in links}
    rows = db.session.execute(
        select(HiringStage.connection_id, HiringStage.status, HiringStage.sub_status).where(
            HiringStage.connection_id.in_(connections), HiringStage.gone_at.is_not(None)
        )
    )
    return {tuple(row) for row in rows}


def _trouble(link: StageLink | None, missing: set[tuple[uuid.UUID, str, str]]) -> str:
    if link is None:
        return ""
    if link.ats_job.gone_at is not None:
        return "The job is no longer in SmartRecruiters, so nobody can be moved to this stage."
    if (link.ats_job.connection_id, link.status, link.sub_status) in missing:
        return "SmartRecruiters no longer has this stage. Connect another one."
    return ""
