"""Notice watched stages and jobs that SmartRecruiters no longer has, and email about each once.

A sub-status has only a name, no id (SmartRecruiters' OpenAPI, hiring process), so a renamed one is
missing. Nothing replaces it until a person chooses a new stage.
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
from eqsr.core.db import db, row_count, transaction
from eqsr.jobs.models import Job, JobState, StageLink
from eqsr.mail import service as mails
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.types.stages import Stage
from eqsr.teams import job_teams, visibility

# Stages recorded as missing this shortly before an email belong to it; no transaction is longer.
SAME_NOTICE = timedelta(minutes=1)


def notify_changes() -> int:
    """Record and announce what went missing or came back; return how many links went missing."""
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
    return sum(_notify(connection_id, ids) for connection_id, ids in by_connection.items())


def links_in(mail: Mail) -> list[StageLink]:
    """Return the links that an email WorkKind.STAGE_MISSING_MAIL is about, oldest first.

    These went missing just before it was queued, are still missing, and its recipient may see
    them. Empty if the recipient's account was deactivated.
    """
    reader = db.session.scalar(
        select(User)
        .where(User.email == mail.to_address, User.active)
        .where(User.organisation_id == mail.organisation_id)
    )
    if reader is None:
        return []
    same = StageLink.missing_since.between(mail.created_at - SAME_NOTICE, mail.created_at)
    visible = StageLink.job_id.in_(select(Job.id).where(visibility.visible_jobs(reader)))
    query = (
        select(StageLink)
        .join(StageLink.ats_job)
        .where(AtsJob.connection_id == mail.subject_id, _watched(), _is_missing())
        .where(same, visible)
        .order_by(StageLink.created_at)
    )
    return list(db.session.scalars(query))


def successors(connection_ids: Iterable[uuid.UUID]) -> dict[tuple[uuid.UUID, str, str], str]:
    """Guess new names: {(connection id, status, sub-status): new sub-status} for missing stages.

    A stage is listed if the reading that missed it found exactly one new sub-status with the same
    status in one of the same hiring processes.
    """
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
    """Did ``new`` appear in the place of ``gone`` in the same reading?"""
    same_place = (new.connection_id, new.status) == (gone.connection_id, gone.status)
    at_once = new.gone_at is None and new.made_at == gone.gone_at
    return same_place and at_once and bool(set(new.processes) & set(gone.processes))


def _watched() -> ColumnElement[bool]:
    """Condition: the link is active and its job is not closed."""
    is_open = exists().where(Job.id == StageLink.job_id, Job.state != JobState.CLOSED)
    return and_(StageLink.ended_at.is_(None), is_open)


def _is_missing() -> ColumnElement[bool]:
    """Condition: SmartRecruiters no longer has the link's stage or job."""
    theirs = aliased(AtsJob)
    place = exists().where(theirs.id == StageLink.ats_job_id)
    stage_gone = place.where(
        HiringStage.connection_id == theirs.connection_id,
        HiringStage.status == StageLink.status,
        HiringStage.sub_status == StageLink.sub_status,
        HiringStage.gone_at.is_not(None),
    )
    return or_(place.where(theirs.gone_at.is_not(None)), stage_gone)


def _notify(connection_id: uuid.UUID, link_ids: list[uuid.UUID]) -> int:
    """Mark these links missing, log each, and queue one email per admin and team member.

    One transaction. Returns how many were not marked already.
    """
    people: dict[uuid.UUID, User] = {}
    with transaction() as session:
        missing_since, count = now(), 0
        for link_id in link_ids:
            mine = update(StageLink).where(StageLink.id == link_id)
            mine = mine.where(StageLink.missing_since.is_(None))
            if not row_count(session.execute(mine.values(missing_since=missing_since))):
                continue  # another worker did it
            link = session.get_one(StageLink, link_id, populate_existing=True)
            _log(
                ActivityKind.ATS_JOB_MISSING
                if link.ats_job.gone_at
                else ActivityKind.STAGE_MISSING,
                link,
            )
            team = job_teams.team_of(link.job)
            people |= {user.id: user for user in (*team.admins, *team.on)}
            count += 1
        for person in people.values():
            mails.queue(
                WorkKind.STAGE_MISSING_MAIL, connection_id, person.organisation_id, person.email
            )
    return count


def _note_back(link_id: uuid.UUID) -> None:
    with transaction() as session:
        mine = update(StageLink).where(
            StageLink.id == link_id, StageLink.missing_since.is_not(None)
        )
        if row_count(session.execute(mine.values(missing_since=None))):
            _log(
                ActivityKind.STAGE_BACK, session.get_one(StageLink, link_id, populate_existing=True)
            )


def _log(kind: ActivityKind, link: StageLink) -> None:
    activity.log(
        kind,
        link.job.organisation_id,
        job_id=link.job_id,
        connection_id=link.ats_job.connection_id,
        job=link.job.title,
        ats_job=link.ats_job.title,
        stage=Stage(link.status, link.sub_status or None).label,
    )
