"""Notice watched stages and jobs that SmartRecruiters no longer has, and email about each once.

A sub-status has only a name, no id (SmartRecruiters' OpenAPI, hiring process), so a renamed one is
missing. Nothing replaces it until a person chooses a new stage.
"""

import uuid
from datetime import timedelta
from itertools import groupby

from sqlalchemy import select, update

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, row_count, transaction
from eqsr.jobs.missing_conditions import is_missing, watched
from eqsr.jobs.models import Job, StageLink
from eqsr.mail import service as mails
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.types.stages import Stage
from eqsr.teams import job_teams, visibility

# Stages recorded as missing this shortly before an email belong to it; no transaction is longer.
SAME_NOTICE = timedelta(minutes=1)


def notify_changes() -> int:
    """Record and announce what went missing or came back; return how many links went missing."""
    back = select(StageLink.id).where(StageLink.missing_since.is_not(None), ~is_missing())
    for link_id in db.session.scalars(back).all():
        _note_back(link_id)
    lost = (
        select(AtsJob.connection_id, StageLink.id)
        .join(StageLink.ats_job)
        .where(watched(), is_missing(), StageLink.missing_since.is_(None))
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
        .where(AtsJob.connection_id == mail.subject_id, watched(), is_missing())
        .where(same, visible)
        .order_by(StageLink.created_at)
    )
    return list(db.session.scalars(query))


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
