"""Problems of a connection's work: steps that wait, and steps that fail."""

import uuid
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import case, func, or_, select

from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.formats import deadline
from eqsr.outbox import breaker_state, status
from eqsr.outbox.models import Work, WorkState

DAY = timedelta(hours=24)
# Kombo's rule for "action failing": half of at least five in 24 hours.
AT_LEAST = 5
HALF = 0.5


def failures(connection_id: uuid.UUID) -> tuple[int, int]:
    """Count work that ended or was tried within a day: (failed at least once, total)."""
    lately = or_(Work.ended_at > now() - DAY, Work.state.in_((WorkState.DUE, WorkState.WAITING)))
    tried = or_(Work.claims > 0, Work.failures > 0)
    failed = func.sum(case((Work.failures > 0, 1), else_=0))
    row = db.session.execute(
        select(failed, func.count()).where(Work.connection_id == connection_id, lately, tried)
    ).one()
    return row[0] or 0, row[1]


def parked(connection_id: uuid.UUID) -> list[str]:
    """Report that all work waits until SmartRecruiters answers again."""
    breaker = breaker_state.of(connection_id)
    if breaker is None:
        return []
    facts = {"since": deadline(breaker.since), "number": status.unfinished(connection_id)}
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


def failing(connection_id: uuid.UUID) -> list[str]:
    """Report that at least half of the steps within a day failed, and some still do."""
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
