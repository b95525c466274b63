"""Problems of a connection that is in use.

They are derived from stored data on every view, so nothing has to open or close them.
"""

import uuid
from collections.abc import Collection
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import case, func, or_, select

from eqsr.candidates.models import Application
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.formats import deadline
from eqsr.jobs.stage_links import watched_links
from eqsr.outbox import breakers
from eqsr.outbox import service as outbox
from eqsr.outbox.models import Work, WorkState
from eqsr.reconciling.models import Sweep, SweepKind
from eqsr.webhooks.models import WebhookEvent

DAY = timedelta(hours=24)
# Kombo's rule for "action failing": half of at least five in 24 hours.
AT_LEAST = 5
HALF = 0.5
# Events arrive within seconds. After this long, one was lost or is being redelivered.
IN_TIME = timedelta(minutes=15)
# SmartRecruiters' clock and ours may differ by as much.
CLOCK_SKEW = timedelta(minutes=2)


def failures(connection_id: uuid.UUID) -> tuple[int, int]:
    """Count work that ended or was tried within a day: (failed at least once, total)."""
    lately = or_(Work.ended_at > now() - DAY, Work.state.in_((WorkState.DUE, WorkState.WAITING)))
    tried = or_(Work.claims > 0, Work.failures > 0)
    failed = func.sum(case((Work.failures > 0, 1), else_=0))
    row = db.session.execute(
        select(failed, func.count()).where(Work.connection_id == connection_id, lately, tried)
    ).one()
    return row[0] or 0, row[1]


def issues(connection: Connection, job_ids: Collection[uuid.UUID]) -> list[str]:
    """One sentence per problem: what is wrong and what to do. Names only jobs in ``job_ids``."""
    return [
        *_parked(connection.id),
        *_failing(connection.id),
        *(_undelivered(connection.id) or _silent(connection)),
        *_stages_gone(connection.id, job_ids),
    ]


def _parked(connection_id: uuid.UUID) -> list[str]:
    breaker = breakers.of(connection_id)
    if breaker is None:
        return []
    facts = {"since": deadline(breaker.since), "number": outbox.unfinished(connection_id)}
    if breaker.reason == "timeout":
        return [
            _(
                "SmartRecruiters has not answered our calls in time since %(since)s. Nothing is "
                "lost: all work goes on as soon as it answers. We ask again every few minutes, "
                "and at once when you choose Check now. Steps waiting: %(number)s.",
                **facts,
            )
        ]
    return [
        _(
            "SmartRecruiters has answered our calls with errors, or not at all, since %(since)s. "
            "Nothing is lost: all work goes on as soon as it answers. We ask again every few "
            "minutes, and at once when you choose Check now. Steps waiting: %(number)s.",
            **facts,
        )
    ]


def _failing(connection_id: uuid.UUID) -> list[str]:
    failed, tried = failures(connection_id)
    if tried < AT_LEAST or failed / tried < HALF or not _still_failing(connection_id):
        return []
    return [
        _(
            "%(failed)s of the last %(tried)s steps with SmartRecruiters failed at first. They are "
            "being retried automatically. If this continues, contact support.",
            failed=failed,
            tried=tried,
        )
    ]


def _still_failing(connection_id: uuid.UUID) -> bool:
    """Whether any work that failed is still not done."""
    not_done = Work.state.in_((WorkState.DUE, WorkState.RUNNING, WorkState.DEAD))
    query = select(Work.id).where(Work.connection_id == connection_id, Work.failures > 0, not_done)
    return db.session.scalar(query.limit(1)) is not None


def _undelivered(connection_id: uuid.UUID) -> list[str]:
    """Report events that we found only in SmartRecruiters' log of failed deliveries."""
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


def _silent(connection: Connection) -> list[str]:
    """Report that candidates were moved within a day, but no event arrived since."""
    began = now() - DAY
    if connection.connected_at is not None:
        began = max(began, connection.connected_at)
    query = (
        select(func.max(Application.stage_since))
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection.id)
        .where(Application.stage_since > began)
    )
    moved = db.session.scalar(query.where(Application.stage_since < now() - IN_TIME))
    if moved is None:
        return []
    heard = select(WebhookEvent.id).where(
        WebhookEvent.connection_id == connection.id, WebhookEvent.received_at > moved - CLOCK_SKEW
    )
    if db.session.scalar(heard.limit(1)) is not None:
        return []
    return [
        _(
            "SmartRecruiters tells us of no move any more, though candidates were moved; we found "
            "that by comparing. Check the connection; if this stays, contact support."
        )
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
