"""Watched stages and jobs that SmartRecruiters no longer has: told once to a job's people.

A sub-status is known by its name alone (SmartRecruiters' OpenAPI, hiring process), so a renamed
one is gone. Nothing takes its place before a person chooses it.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.models import AtsJob, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.mail import service as mails
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.types import Stage
from eqsr.teams import job_teams, visibility

# Longer than one transaction takes.
GATHER_SECONDS = timedelta(minutes=1)


def notify_changes() -> int:
    """Tell of what is missing and was not told yet, and note what is back; how many were told."""
    back = select(StageLink.id).where(StageLink.missing_since.is_not(None), ~_is_missing())
    for link_id in db.session.scalars(back).all():
        _note_back(link_id)
    lost = (
        select(AtsJob.connection_id, StageLink.id)
        .join(StageLink.ats_job)
        .where(_watched(), _is_missing(), StageLink.missing_since.is_(None))
        .order_by(AtsJob.connection_id, StageLink.id)
    )
    rows = groupby(db.session.execute(lost).all(), lambda row: row[0])
    by_connection = {connection_id: [row[1] for row in each] for connection_id, each in rows}
    return sum(_tell(connection_id, ids) for connection_id, ids in by_connection.items())


def told_in(mail: Mail) -> list[StageLink]:
    """What an email of KIND tells of: what went just before it was written down, is missing still,
    and may be seen by its reader, whose account may have ended since."""
    reader = db.session.scalar(
        select(User)
        .where(User.email == mail.to_address, User.active)
        .where(User.organisation_id == mail.organisation_id)
    )
    if reader is None:
        return []
    at_once = StageLink.missing_since.between(mail.created_at - GATHER_SECONDS, mail.created_at)
    visible = StageLink.job_id.in_(select(Job.id).where(visibility.visible_jobs(reader)))
    query = (
        select(StageLink)
        .join(StageLink.ats_job)
        .where(AtsJob.connection_id == mail.subject_id, _watched(), _is_missing())
        .where(at_once, visible)
        .order_by(StageLink.created_at)
    )
    return list(db.session.scalars(query))


def successors(connection_ids: Iterable[uuid.UUID]) -> dict[tuple, str]:
    """Per stage that is gone, as (connection id, status, sub-status), the name that it may have
    now: the only one that the same reading found new in the same status of the same process."""
    query = select(HiringStage).where(HiringStage.connection_id.in_(list(connection_ids)))
    stages = list(db.session.scalars(query.execution_options(populate_existing=True)))
    found = {}
    for gone in stages:
        if gone.gone_at is None:
            continue
        new = [one.sub_status for one in stages if _may_replace(one, gone)]
        if len(new) == 1:
            found[gone.connection_id, gone.status, gone.sub_status] = new[0]
    return found


def _may_replace(new: HiringStage, gone: HiringStage) -> bool:
    same_place = (new.connection_id, new.status) == (gone.connection_id, gone.status)
    at_once = new.gone_at is None and new.made_at == gone.gone_at
    return same_place and at_once and bool(set(new.processes) & set(gone.processes))


def _watched() -> ColumnElement[bool]:
    """The link is in use: its job may invite."""
    is_open = exists().where(Job.id == StageLink.job_id, Job.state != JobState.CLOSED)
    return and_(StageLink.ended_at.is_(None), is_open)


def _is_missing() -> ColumnElement[bool]:
    """As an SQL condition on StageLink."""
    theirs = aliased(AtsJob)
    place = exists().where(theirs.id == StageLink.ats_job_id)
    stage_gone = place.where(
        HiringStage.connection_id == theirs.connection_id,
        HiringStage.status == StageLink.status,
        HiringStage.sub_status == StageLink.sub_status,
        HiringStage.gone_at.is_not(None),
    )
    return or_(place.where(theirs.gone_at.is_not(None)), stage_gone)


def _tell(connection_id: uuid.UUID, link_ids: list[uuid.UUID]) -> int:
    """In one transaction: that it is told, the lines, and one email to each of the people."""
    people: dict[uuid.UUID, User] = {}
    with transaction() as session:
        moment, told = now(), 0
        for link_id in link_ids:
            mine = update(StageLink).where(StageLink.id == link_id)
            mine = mine.where(StageLink.missing_since.is_(None))
            if not session.execute(mine.values(missing_since=moment)).rowcount:
                continue  # another worker told it
            link = session.get_one(StageLink, link_id, populate_existing=True)
            _note(
                ActivityKind.ATS_JOB_MISSING
                if link.ats_job.gone_at
                else ActivityKind.STAGE_MISSING,
                link,
            )
            team = job_teams.team_of(link.job)
            people |= {user.id: user for user in (*team.admins, *team.on)}
            told += 1
        for person in people.values():
            mails.queue(
                WorkKind.STAGE_MISSING_MAIL, connection_id, person.organisation_id, person.email
            )
    return told


def _note_back(link_id: uuid.UUID) -> None:
    with transaction() as session:
        mine = update(StageLink).where(
            StageLink.id == link_id, StageLink.missing_since.is_not(None)
        )
        if session.execute(mine.values(missing_since=None)).rowcount:
            _note(
                ActivityKind.STAGE_BACK, session.get_one(StageLink, link_id, populate_existing=True)
            )


def _note(kind: ActivityKind, link: StageLink) -> None:
    activity.log(
        kind,
        link.job.organisation_id,
        job_id=link.job_id,
        connection_id=link.ats_job.connection_id,
        job=link.job.title,
        ats_job=link.ats_job.title,
        stage=Stage(link.status, link.sub_status or None).label,
    )
