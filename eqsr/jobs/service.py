"""Create, find, close and reopen jobs; with ``connecting``, what other rooms do with jobs."""

import uuid

from sqlalchemy import select, update

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import db, row_count, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import NotFoundError
from eqsr.jobs.connecting import connect, disconnect
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.jobs.queries import lock_job
from eqsr.jobs.stage_choice import Terms, chosen
from eqsr.jobs.stage_links import active_link, also_connected, link_of
from eqsr.teams.models import JobMember

__all__ = [
    "Terms",
    "active_link",
    "also_connected",
    "chosen",
    "close_job",
    "connect",
    "create_job",
    "disconnect",
    "job_of",
    "link_of",
    "reopen_job",
]


def create_job(
    organisation_id: uuid.UUID,
    title: str,
    kind: JobKind,
    assessment: str,
    user: User,
    job_id: uuid.UUID | None = None,
) -> Job:
    """Create a job with the user on its team: open if by link, else a draft until connected.

    ``job_id`` comes from the form, so that a form sent twice makes one job. Raises NotFoundError if
    another organisation has a job with this id.
    """
    with transaction() as session:
        # If the form is sent twice at once, the second waits here and then finds the first's job.
        session.scalar(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
        known = session.get(Job, job_id) if job_id else None
        if known is not None:
            return _own(known, organisation_id)
        job = Job(
            id=job_id,
            organisation_id=organisation_id,
            title=title,
            kind=kind,
            assessment=assessment,
            state=JobState.OPEN if kind is JobKind.LINK else JobState.DRAFT,
            created_by_id=user.id,
        )
        session.add(job)
        session.flush()
        insert_if_absent(JobMember, job_id=job.id, user_id=user.id, added_by_id=user.id)
        activity.log(
            ActivityKind.JOB_CREATED, organisation_id, job_id=job.id, user=user.display_name
        )
        return job


def job_of(organisation_id: uuid.UUID, job_id: uuid.UUID) -> Job:
    """Return the organisation's job with this id. Raises NotFoundError."""
    return _own(db.session.get(Job, job_id, populate_existing=True), organisation_id)


def close_job(job: Job) -> None:
    """Stop inviting. The job keeps its stage links for reopening."""
    with transaction() as session:
        lock_job(session, job).state = JobState.CLOSED


def reopen_job(job: Job) -> None:
    """Invite again, for moves from now on; moves while it was closed do not count."""
    with transaction() as session:
        job = lock_job(session, job)
        if job.state is not JobState.CLOSED:
            return
        active = update(StageLink).where(StageLink.job_id == job.id, StageLink.ended_at.is_(None))
        restarted = session.execute(active.values(since=now(), counts_from=now()))
        ready = job.kind is JobKind.LINK or row_count(restarted)
        job.state = JobState.OPEN if ready else JobState.DRAFT


def _own(job: Job | None, organisation_id: uuid.UUID) -> Job:
    if job is None or job.organisation_id != organisation_id:
        raise NotFoundError
    return job
