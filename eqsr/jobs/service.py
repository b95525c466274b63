"""Jobs: made, connected to a stage of a SmartRecruiters job, closed."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import search
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.core.messages import NotFoundError, UserError
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.smartrecruiters.types import Stage
from eqsr.teams.models import JobMember

# A day: a longer wait would surprise whoever moved the candidate.
LONGEST_GRACE = 24 * 60
# The same wish within this time is a double press.
DOUBLE_SUBMIT = timedelta(minutes=1)


def create_job(
    organisation_id: uuid.UUID,
    title: str,
    kind: JobKind,
    assessment: str,
    user: User,
    job_id: uuid.UUID | None = None,
) -> Job:
    """A new job: by link it is open at once, else a draft until it is connected.

    ``job_id`` comes from the form: the same form sent twice makes one job. Raises NotFoundError.
    """
    with transaction() as session:
        # The same form sent twice at once: the second one waits, and finds what the first made.
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
        activity.log(ActivityKind.JOB_CREATED, organisation_id, job_id=job.id, user=_name(user))
        return job


def job_of(organisation_id: uuid.UUID, job_id: uuid.UUID) -> Job:
    """The organisation's job. Raises NotFoundError."""
    return _own(db.session.get(Job, job_id, populate_existing=True), organisation_id)


def active_link(job: Job) -> StageLink | None:
    """What the job is connected to now."""
    return db.session.scalar(
        select(StageLink)
        .where(StageLink.job_id == job.id, StageLink.ended_at.is_(None))
        .order_by(StageLink.since.desc())
        .limit(1)
    )


def link_of(job: Job, link_id: uuid.UUID | None) -> StageLink:
    """A connection that this job has or had. Raises NotFoundError."""
    link = db.session.get(StageLink, link_id) if link_id else None
    if link is None or link.job_id != job.id:
        raise NotFoundError
    return link


def also_connected(job: Job, ats_job: AtsJob) -> list[StageLink]:
    """The connections of other jobs of ours that invite from the same SmartRecruiters job."""
    return list(
        db.session.scalars(
            select(StageLink)
            .join(StageLink.job)
            .where(StageLink.ats_job_id == ats_job.id, StageLink.ended_at.is_(None))
            .where(StageLink.job_id != job.id, Job.organisation_id == job.organisation_id)
            .where(Job.state != JobState.CLOSED)
            .order_by(Job.title, StageLink.id)
        )
    )


def chosen(
    connection: Connection, ats_job_id: uuid.UUID | None, stage_id: uuid.UUID | None
) -> tuple[AtsJob, HiringStage]:
    """What a person chose in the dialog. Raises UserError for a choice that is missing, gone by
    now, or not of this connection."""
    ats_job = ats_job_id and search.job_with(connection.id, ats_job_id)
    if not ats_job:
        raise UserError("Choose a SmartRecruiters job first.", "ats_job")
    stage = next((one for one in search.stages(connection.id) if one.id == stage_id), None)
    if stage is None:
        raise UserError("Choose an invitation stage.", "stage")
    return ats_job, stage


@dataclass(frozen=True)
class Terms:
    """How a stage is watched: what it asks for (``assessment`` None: what the job does), how long
    to wait after a move, and from when on moves count (None: from now on)."""

    assessment: str | None = None
    grace_minutes: int = 0
    counts_from: datetime | None = None


def connect(
    job: Job,
    ats_job: AtsJob,
    status: str,
    sub_status: str,
    user: User,
    terms: Terms = Terms(),
    instead_of: StageLink | None = None,
) -> StageLink:
    """Watch this stage from now on, beside those that the job watches or ``instead_of`` one.

    A stage that was watched before revives its old row. Pressing twice is once. Raises UserError
    when the job is closed, not one for SmartRecruiters, or watches this stage already.
    """
    if not 0 <= terms.grace_minutes <= LONGEST_GRACE:
        raise UserError("An invitation can wait for 0 to 1440 minutes, which is a day.", "grace")
    with transaction() as session:
        job = _locked(session, job)
        if job.kind is not JobKind.ATS:
            raise UserError("Candidates come to this job by its link, so it can't be connected.")
        if job.state is JobState.CLOSED:
            raise UserError("This job is closed. Reopen it before you connect it.")
        old = instead_of and session.get_one(StageLink, instead_of.id, populate_existing=True)
        link = _row_for(session, job, ats_job, status, sub_status)
        if old is not None and link is not None and old.id == link.id and link.ended_at is None:
            _change(link, terms, user)
        elif link is not None and link.ended_at is None:
            if not _pressed_twice(link, terms, user):
                raise UserError(
                    "This job watches this stage already. Choose another stage.", "stage"
                )
        else:
            if old is not None and old.ended_at is None:
                _end(old, user)
            link = _begin(session, job, ats_job, (status, sub_status), link, user, terms)
        job.state = JobState.OPEN
        return link


def disconnect(link: StageLink, user: User) -> None:
    """Stop watching. Invitations that were made stay valid."""
    with transaction() as session:
        job = _locked(session, link.job)
        link = session.get_one(StageLink, link.id, populate_existing=True)
        if link.ended_at is not None:
            return
        _end(link, user)
        session.flush()
        if job.state is JobState.OPEN and active_link(job) is None:
            job.state = JobState.DRAFT


def close_job(job: Job) -> None:
    """Nobody is invited any more; what is connected is kept for reopening."""
    with transaction() as session:
        _locked(session, job).state = JobState.CLOSED


def reopen_job(job: Job) -> None:
    """Invite again, for moves from now on: those of the time in between don't count."""
    with transaction() as session:
        job = _locked(session, job)
        if job.state is not JobState.CLOSED:
            return
        watched = session.execute(
            update(StageLink)
            .where(StageLink.job_id == job.id, StageLink.ended_at.is_(None))
            .values(since=now(), counts_from=now())
        ).rowcount
        ready = job.kind is JobKind.LINK or watched
        job.state = JobState.OPEN if ready else JobState.DRAFT


def _own(job: Job | None, organisation_id: uuid.UUID) -> Job:
    if job is None or job.organisation_id != organisation_id:
        raise NotFoundError
    return job


def _locked(session: Session, job: Job) -> Job:
    """The job as it is now, held until the transaction ends: people may press at once."""
    return session.get_one(Job, job.id, populate_existing=True, with_for_update=True)


def _row_for(
    session: Session, job: Job, ats_job: AtsJob, status: str, sub_status: str
) -> StageLink | None:
    """The job's row for this stage, if there ever was one."""
    return session.scalar(
        select(StageLink)
        .where(StageLink.job_id == job.id, StageLink.ats_job_id == ats_job.id)
        .where(StageLink.status == status, StageLink.sub_status == sub_status)
        .execution_options(populate_existing=True)
    )


def _pressed_twice(link: StageLink, terms: Terms, user: User) -> bool:
    """The same wish of the same person, a moment later."""
    same = (link.assessment, link.grace_minutes) == (terms.assessment, terms.grace_minutes)
    looks_back = abs(link.counts_from - (terms.counts_from or link.since)) < DOUBLE_SUBMIT
    by_the_same = link.created_by_id == user.id
    return same and looks_back and by_the_same and now() - link.since < DOUBLE_SUBMIT


def _begin(
    session: Session,
    job: Job,
    ats_job: AtsJob,
    stage: tuple[str, str],
    link: StageLink | None,
    user: User,
    terms: Terms,
) -> StageLink:
    if link is None:
        place = {"status": stage[0], "sub_status": stage[1]}
        link = StageLink(job_id=job.id, ats_job_id=ats_job.id, **place)
        session.add(link)
    link.created_by_id = user.id
    link.since = now()
    link.counts_from = terms.counts_from or link.since
    link.assessment = terms.assessment
    link.grace_minutes = terms.grace_minutes
    link.ended_at = None
    session.flush()
    _note(ActivityKind.JOB_CONNECTED, job, link, user)
    return link


def _change(link: StageLink, terms: Terms, user: User) -> None:
    """Of a stage that goes on being watched; from when on moves count stays."""
    if (link.assessment, link.grace_minutes) == (terms.assessment, terms.grace_minutes):
        return
    link.assessment = terms.assessment
    link.grace_minutes = terms.grace_minutes
    _note(ActivityKind.STAGE_CHANGED, link.job, link, user)


def _end(link: StageLink, user: User) -> None:
    link.ended_at = now()
    _note(ActivityKind.JOB_DISCONNECTED, link.job, link, user)


def _note(kind: ActivityKind, job: Job, link: StageLink, user: User) -> None:
    activity.log(
        kind,
        job.organisation_id,
        job_id=job.id,
        connection_id=link.ats_job.connection_id,
        user=_name(user),
        ats_job=link.ats_job.title,
        stage=Stage(link.status, link.sub_status or None).label,
    )


def _name(user: User) -> str:
    return user.name or user.email
