"""What a user may see: admins everything of their organisation, reviewers the jobs whose team they
are on and the candidates of these jobs. ``visible_…`` return conditions for queries."""

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
    """Return the condition on Job for the jobs that the user may see."""
    ours = Job.organisation_id == user.organisation_id
    if user.role is Role.ADMIN:
        return ours
    teams = select(JobMember.job_id).where(JobMember.user_id == user.id)
    return and_(ours, Job.id.in_(teams))


def visible_invitations(user: User) -> ColumnElement[bool]:
    """Return the condition on Invitation for invitations to visible jobs."""
    return Invitation.job_id.in_(_job_ids(user))


def visible_applications(user: User) -> ColumnElement[bool]:
    """Return the condition on Application for applications that the user may see.

    For a reviewer: a visible job watches or watched its SmartRecruiters job, or it was invited to
    a visible job, or it came by a visible job's link.
    """
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
    """Return the condition on Candidate for people with a visible application."""
    ours = Candidate.organisation_id == user.organisation_id
    if user.role is Role.ADMIN:
        return ours
    known = select(Application.candidate_id).where(visible_applications(user))
    return and_(ours, Candidate.id.in_(known))


def sees_job(user: User, job_id: uuid.UUID) -> bool:
    """May the user see this job?"""
    return _finds(select(Job.id).where(Job.id == job_id, visible_jobs(user)))


def sees_invitation(user: User, invitation_id: uuid.UUID) -> bool:
    """May the user see this invitation?"""
    query = select(Invitation.id).where(Invitation.id == invitation_id)
    return _finds(query.where(visible_invitations(user)))


def sees_application(user: User, application_id: uuid.UUID) -> bool:
    """May the user see this application?"""
    query = select(Application.id).where(Application.id == application_id)
    return _finds(query.where(visible_applications(user)))


def sees_candidate(user: User, candidate_id: uuid.UUID) -> bool:
    """May the user see this candidate?"""
    query = select(Candidate.id).where(Candidate.id == candidate_id)
    return _finds(query.where(visible_candidates(user)))


def applications_seen(user: User, candidate_id: uuid.UUID) -> list[Application]:
    """Return the candidate's applications that the user may see, oldest first."""
    query = select(Application).where(Application.candidate_id == candidate_id)
    query = query.where(visible_applications(user)).order_by(Application.created_at)
    return list(db.session.scalars(query))


def lines_seen(user: User, lines: Iterable[Activity]) -> list[Activity]:
    """Drop the activity lines about jobs that the user may not see; the order stays.

    Needed because a hidden job may have invited the same application.
    """
    jobs = visible_job_ids(user)
    return [line for line in lines if line.job_id is None or line.job_id in jobs]


def visible_job_ids(user: User) -> set[uuid.UUID]:
    """Return the ids of the jobs that the user may see, to filter rows already loaded."""
    return set(db.session.scalars(_job_ids(user)))


def _job_ids(user: User) -> Select[uuid.UUID]:
    return select(Job.id).where(visible_jobs(user))


def _finds(query: Select[uuid.UUID]) -> bool:
    return db.session.scalar(query) is not None
