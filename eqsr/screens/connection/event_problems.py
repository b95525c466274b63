"""Problems of a connection's events: what SmartRecruiters could not deliver, or did not send."""

import uuid
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from eqsr.candidates.models import Application
from eqsr.connections.clock_skew import is_wrong
from eqsr.connections.models import AtsJob, Connection
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.reconciling.models import Sweep, SweepKind
from eqsr.webhooks.models import WebhookEvent

DAY = timedelta(hours=24)
# Events arrive within seconds. After this long, one was lost or is being redelivered.
IN_TIME = timedelta(minutes=15)
# SmartRecruiters' clock and ours may differ by as much.
CLOCK_SKEW = timedelta(minutes=2)


def undelivered(connection_id: uuid.UUID) -> list[str]:
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


def clock_wrong(connection: Connection) -> list[str]:
    """Report that our own clock is off."""
    offset = connection.clock_offset
    if offset is None or not is_wrong(offset):
        return []
    if offset > 0:
        return [
            _(
                "The clock of this installation is %(seconds)s seconds ahead of SmartRecruiters'. "
                "No event is lost by that, but deadlines and reminders go by it. Ask the people "
                "who run this installation to set its clock.",
                seconds=offset,
            )
        ]
    return [
        _(
            "The clock of this installation is %(seconds)s seconds behind SmartRecruiters'. "
            "No event is lost by that, but deadlines and reminders go by it. Ask the people "
            "who run this installation to set its clock.",
            seconds=-offset,
        )
    ]


def silent(connection: Connection) -> list[str]:
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
