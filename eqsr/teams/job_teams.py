"""A job's team: the reviewers who, besides the admins, see its candidates and results."""

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select

from eqsr.accounts.models import Role, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import db, row_count, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.core.messages import NotFoundError
from eqsr.jobs.models import Job
from eqsr.teams import members
from eqsr.teams.models import JobMember


@dataclass(frozen=True)
class Team:
    """A job's active people: ``on`` the team; ``off`` it, reviewers who can be added; ``admins``,
    who see every job."""

    on: list[User]
    off: list[User]
    admins: list[User]


def team_of(job: Job) -> Team:
    """Return the job's team, each list ordered by name."""
    everybody = members.members(job.organisation_id)
    on = set(db.session.scalars(select(JobMember.user_id).where(JobMember.job_id == job.id)))
    return Team(
        on=[user for user in everybody if user.id in on and user.active],
        off=[
            user
            for user in everybody
            if user.id not in on and user.active and user.role is Role.REVIEWER
        ],
        admins=[user for user in everybody if user.active and user.role is Role.ADMIN],
    )


def add(actor: User, job_id: uuid.UUID, user_id: uuid.UUID, address: str = "") -> User:
    """Add a colleague to the job's team; idempotent. Raises NotFoundError for an outsider."""
    user = _colleague(actor, user_id)
    with transaction():
        if put_on(job_id, user.id, actor.id):
            _audit(AuditAction.JOB_TEAM_ADDED, actor, job_id, user, address)
    return user


def put_on(job_id: uuid.UUID, user_id: uuid.UUID, added_by_id: uuid.UUID) -> bool:
    """Add a member without permission check or audit entry; only for the job's creator.

    False if they are on the team already.
    """
    return insert_if_absent(JobMember, job_id=job_id, user_id=user_id, added_by_id=added_by_id)


def remove(actor: User, job_id: uuid.UUID, user_id: uuid.UUID, address: str = "") -> User:
    """Take a colleague off the job's team; idempotent. Raises NotFoundError for an outsider."""
    user = _colleague(actor, user_id)
    with transaction() as session:
        gone = delete(JobMember).where(JobMember.job_id == job_id, JobMember.user_id == user_id)
        if row_count(session.execute(gone)):
            _audit(AuditAction.JOB_TEAM_REMOVED, actor, job_id, user, address)
    return user


def _colleague(actor: User, user_id: uuid.UUID) -> User:
    user = db.session.get(User, user_id)
    if user is None or user.organisation_id != actor.organisation_id:
        raise NotFoundError
    return user


def _audit(action: AuditAction, actor: User, job_id: uuid.UUID, user: User, address: str) -> None:
    title = db.session.scalar(select(Job.title).where(Job.id == job_id))
    activity.audit(
        action, actor.organisation_id, actor.id, job_id, address, email=user.email, job=title
    )
