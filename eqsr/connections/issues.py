"""What is not as it should be with a connection that works. Derived from what is stored whenever
it is looked at, so an issue opens and closes by itself."""

import uuid
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import case, func, or_, select

from eqsr.clock import now
from eqsr.connections.models import HiringStage
from eqsr.db import db
from eqsr.jobs.watching import watched_links
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling.models import Sweep, SweepKind

DAY = timedelta(hours=24)
# Kombo's rule for "action failing": half of at least five in 24 hours.
AT_LEAST = 5
HALF = 0.5


def failures(connection_id: uuid.UUID) -> tuple[int, int]:
    """Of the work that was ended or tried within a day: (how many failed at least once, all)."""
    lately = or_(Work.ended_at > now() - DAY, Work.state.in_((WorkState.DUE, WorkState.WAITING)))
    tried = or_(Work.claims > 0, Work.failures > 0)
    failed = func.sum(case((Work.failures > 0, 1), else_=0))
    row = db.session.execute(
        select(failed, func.count()).where(Work.connection_id == connection_id, lately, tried)
    ).one()
    return row[0] or 0, row[1]


def issues(connection_id: uuid.UUID) -> list[str]:
    """One sentence per issue: what is wrong and what to do."""
    return [*_failing(connection_id), *_silent(connection_id), *_stages_gone(connection_id)]


def _failing(connection_id: uuid.UUID) -> list[str]:
    failed, tried = failures(connection_id)
    if tried < AT_LEAST or failed / tried < HALF:
        return []
    return [
        _(
            "%(failed)s of the last %(tried)s steps with SmartRecruiters failed at first. They are "
            "tried again by themselves; if this stays, contact support.",
            failed=failed,
            tried=tried,
        )
    ]


def _silent(connection_id: uuid.UUID) -> list[str]:
    """Moves that only our own comparison found: webhooks do not arrive as they should."""
    missed = db.session.scalar(
        select(func.sum(Sweep.found)).where(
            Sweep.connection_id == connection_id,
            Sweep.kind == SweepKind.CALLBACKS,
            Sweep.started_at > now() - DAY,
        )
    )
    if not missed:
        return []
    return [
        _(
            "SmartRecruiters could not deliver %(number)s events within the last day; we found "
            "them by comparing. Check that this installation can be reached from the internet.",
            number=missed,
        )
    ]


def _stages_gone(connection_id: uuid.UUID) -> list[str]:
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
        if link.ats_job.gone_at is not None or (link.status, link.sub_status) in gone
    ]
