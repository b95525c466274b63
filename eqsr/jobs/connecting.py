"""Connect a job to a stage of a SmartRecruiters job, change how it is watched, disconnect it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import UserError
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.jobs.queries import link_at, lock_job
from eqsr.jobs.stage_choice import MAX_GRACE_MINUTES, Terms
from eqsr.jobs.stage_links import active_link
from eqsr.smartrecruiters.types.stages import Stage

# An identical request of the same user within this time is a double click.
DOUBLE_SUBMIT = timedelta(minutes=1)
# The terms of somebody who chose none.
DEFAULT_TERMS = Terms()


def connect(
    job: Job,
    ats_job: AtsJob,
    status: str,
    sub_status: str,
    user: User,
    terms: Terms = DEFAULT_TERMS,
    instead_of: StageLink | None = None,
) -> StageLink:
    """Watch a stage, in addition to the job's other stages or ``instead_of`` one of them.

    A stage that was watched before reuses its row; a double click counts once. Raises UserError if
    the grace is out of range, the job is closed or not for SmartRecruiters, or it watches this
    stage already.
    """
    if not 0 <= terms.grace_minutes <= MAX_GRACE_MINUTES:
        raise UserError("An invitation can wait for 0 to 1440 minutes, which is a day.", "grace")
    with transaction() as session:
        job = lock_job(session, job)
        if job.kind is not JobKind.ATS:
            raise UserError("Candidates come to this job by its link, so it can't be connected.")
        if job.state is JobState.CLOSED:
            raise UserError("This job is closed. Reopen it before you connect it.")
        old = _fresh(session, instead_of) if instead_of else None
        link = link_at(session, job, ats_job, status, sub_status)
        if old is not None and link is not None and old.id == link.id and link.ended_at is None:
            _change(link, terms, user)
        elif link is not None and link.ended_at is None:
            if not _is_double_submit(link, terms, user):
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
    """Stop watching a stage; idempotent. Invitations stay valid.

    A job without another stage becomes a draft.
    """
    with transaction() as session:
        job = lock_job(session, link.job)
        link = _fresh(session, link)
        if link.ended_at is not None:
            return
        _end(link, user)
        session.flush()
        if job.state is JobState.OPEN and active_link(job) is None:
            job.state = JobState.DRAFT


def _fresh(session: Session, link: StageLink) -> StageLink:
    return session.get_one(StageLink, link.id, populate_existing=True)


def _is_double_submit(link: StageLink, terms: Terms, user: User) -> bool:
    """Did this user just make this very link (a double click)?"""
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
    """Start watching: reuse the row ``link``, or insert one."""
    if link is None:
        status, sub_status = stage
        link = StageLink(job_id=job.id, ats_job_id=ats_job.id, status=status, sub_status=sub_status)
        session.add(link)
    link.created_by_id = user.id
    link.since = now()
    link.counts_from = terms.counts_from or link.since
    link.assessment = terms.assessment
    link.grace_minutes = terms.grace_minutes
    link.ended_at = None
    session.flush()
    _log(ActivityKind.JOB_CONNECTED, job, link, user)
    return link


def _change(link: StageLink, terms: Terms, user: User) -> None:
    """Change assessment and grace of a link that stays active; ``counts_from`` stays."""
    if (link.assessment, link.grace_minutes) == (terms.assessment, terms.grace_minutes):
        return
    link.assessment = terms.assessment
    link.grace_minutes = terms.grace_minutes
    _log(ActivityKind.STAGE_CHANGED, link.job, link, user)


def _end(link: StageLink, user: User) -> None:
    link.ended_at = now()
    _log(ActivityKind.JOB_DISCONNECTED, link.job, link, user)


def _log(kind: ActivityKind, job: Job, link: StageLink, user: User) -> None:
    activity.log(
        kind,
        job.organisation_id,
        job_id=job.id,
        connection_id=link.ats_job.connection_id,
        user=user.display_name,
        ats_job=link.ats_job.title,
        stage=Stage(link.status, link.sub_status or None).label,
    )
