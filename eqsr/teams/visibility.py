"""Who sees what: an admin all of the organisation, a reviewer the jobs whose team they are on, and
the candidates of these jobs. ``visible_…`` are conditions for queries."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, or_, select

from eqsr.accounts.models import Role, User
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job, StageLink
from eqsr.teams.models import JobMember


def visible_jobs(user: User) -> ColumnElement[bool]:
    """A condition on Job."""
    ours = Job.organisation_id == user.organisation_id
    if user.role is Role.ADMIN:
        return ours
    teams = select(JobMember.job_id).where(JobMember.user_id == user.id)
    return and_(ours, Job.id.in_(teams))


def visible_invitations(user: User) -> ColumnElement[bool]:
    """A condition on Invitation."""
    return Invitation.job_id.in_(_job_ids(user))


def visible_applications(user: User) -> ColumnElement[bool]:
    """A condition on Application: a visible job watches or watched its SmartRecruiters job, it was
    invited to a visible job, or it came by a visible job's link."""
    ours = Application.organisation_id == user.organisation_id
    if user.role is Role.ADMIN:
        return ours
    jobs = _job_ids(user)
    watched = select(StageLink.ats_job_id).where(StageLink.job_id.in_(jobs))
    invited = select(Invitation.application_id).where(Invitation.job_id.in_(jobs))
    return and_(
        ours,
        or_(
            Application.ats_job_id.in_(watched),
            Application.id.in_(invited),
            Application.link_job_id.in_(jobs),
        ),
    )


def visible_candidates(user: User) -> ColumnElement[bool]:
    """A condition on Candidate."""
    ours = Candidate.organisation_id == user.organisation_id
    if user.role is Role.ADMIN:
        return ours
    known = select(Application.candidate_id).where(visible_applications(user))
    return and_(ours, Candidate.id.in_(known))


def sees_job(user: User, job_id: uuid.UUID) -> bool:
    return _finds(select(Job.id).where(Job.id == job_id, visible_jobs(user)))


def sees_invitation(user: User, invitation_id: uuid.UUID) -> bool:
    query = select(Invitation.id).where(Invitation.id == invitation_id)
    return _finds(query.where(visible_invitations(user)))


def sees_application(user: User, application_id: uuid.UUID) -> bool:
    query = select(Application.id).where(Application.id == application_id)
    return _finds(query.where(visible_applications(user)))


def sees_candidate(user: User, candidate_id: uuid.UUID) -> bool:
    query = select(Candidate.id).where(Candidate.id == candidate_id)
    return _finds(query.where(visible_candidates(user)))


def applications_seen(user: User, candidate_id: uuid.UUID) -> list[Application]:
    """Those of the candidate's applications that the user sees, oldest first."""
    query = select(Application).where(Application.candidate_id == candidate_id)
    query = query.where(visible_applications(user)).order_by(Application.created_at)
    return list(db.session.scalars(query))


def lines_seen(user: User, lines: Iterable[Activity]) -> list[Activity]:
    """Those that tell of no job, or of one that the user sees, in the order given: another job of
    ours may have invited the same application."""
    jobs = visible_job_ids(user)
    return [line for line in lines if line.job_id is None or line.job_id in jobs]


def visible_job_ids(user: User) -> set[uuid.UUID]:
    """For what was read already."""
    return set(db.session.scalars(_job_ids(user)))


def _job_ids(user: User) -> Select:
    return select(Job.id).where(visible_jobs(user))


def _finds(query: Select) -> bool:
    return db.session.scalar(query) is not None
