"""Problems of a connection that is in use.

They are derived from stored data on every view, so nothing has to open or close them.
"""

import uuid
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from eqsr.connections.models import Connection, HiringStage
from eqsr.core.db import db
from eqsr.jobs.stage_links import watched_links
from eqsr.screens.connection.event_problems import clock_wrong, silent, undelivered
from eqsr.screens.connection.work_problems import failing, parked


def issues(connection: Connection, job_ids: Collection[uuid.UUID]) -> list[str]:
    """One sentence per problem: what is wrong and what to do. Names only jobs in ``job_ids``."""
    return [
        *parked(connection.id),
        *failing(connection.id),
        *(clock_wrong(connection) or undelivered(connection.id) or silent(connection)),
        *_stages_gone(connection.id, job_ids),
    ]


def _stages_gone(connection_id: uuid.UUID, job_ids: Collection[uuid.UUID]) -> list[str]:
    rows = db.session.execute(
        select(HiringStage.status, HiringStage.sub_status).where(
            HiringStage.connection_id == connection_id, HiringStage.gone_at.is_not(None)
        )
    )
    gone = {tuple(row) for row in rows}
    return [
        _(
            "%(job)s is connected to a stage or job that SmartRecruiters no longer has: open the "
            "job and choose another stage.",
            job=link.job.title,
        )
        for link in watched_links(connection_id)
        if link.job_id in job_ids
        if link.ats_job.gone_at is not None or (link.status, link.sub_status) in gone
    ]
