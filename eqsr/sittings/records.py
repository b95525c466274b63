"""Reading stored sittings, answers, responses and scores."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.naming import reading
from eqsr.instruments.tasks import Response
from eqsr.instruments.tasks.response import POSTED
from eqsr.sittings.models import Answer, Score, Sitting, TrialResponse


def sittings_of(invitation_ids: Sequence[uuid.UUID]) -> list[Sitting]:
    """The sittings of these invitations, in the order they were started."""
    return list(
        db.session.scalars(
            select(Sitting)
            .where(Sitting.invitation_id.in_(invitation_ids))
            .order_by(Sitting.started_at, Sitting.id)
            .execution_options(populate_existing=True)
        )
    )


def answered_counts(sitting_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Sitting id -> number of answered items or trials."""
    counts: dict[uuid.UUID, int] = defaultdict(int)
    for table, number in ((Answer, Answer.item), (TrialResponse, TrialResponse.trial_number)):
        rows = db.session.execute(
            select(table.sitting_id, func.count(number.distinct()))
            .where(table.sitting_id.in_(sitting_ids))
            .group_by(table.sitting_id)
        )
        counts |= {row[0]: row[1] for row in rows}
    return counts


def scores_of(sitting: Sitting) -> list[Score]:
    """The sitting's current scores, one per scale."""
    return list(
        db.session.scalars(
            select(Score)
            .where(Score.sitting_id == sitting.id, Score.is_current)
            .order_by(Score.created_at, Score.id)
            .execution_options(populate_existing=True)
        )
    )


def earlier_norms_of(sitting: Sitting) -> list[tuple[str, str, datetime]]:
    """(norm id, norm version, time) of scores that newer ones have replaced, latest first."""
    rows = db.session.execute(
        select(Score.norm_id, Score.norm_version, func.max(Score.created_at))
        .where(Score.sitting_id == sitting.id, ~Score.is_current)
        .group_by(Score.norm_id, Score.norm_version, Score.version)
        .order_by(Score.version.desc())
    )
    return [(norm_id, version, at) for norm_id, version, at in rows]


def instrument_of(sitting: Sitting) -> Instrument:
    """The instrument in the sitting's version and language."""
    return catalogue.instrument(sitting.instrument, sitting.instrument_version, sitting.language)


def instrument_for_reader(sitting: Sitting) -> Instrument:
    """The sitting's instrument in the reader's language, which may not be the candidate's."""
    return catalogue.instrument(sitting.instrument, sitting.instrument_version, reading())


def answers_of(sitting: Sitting) -> dict[int, Answer]:
    """Item number -> answer, as stored now."""
    rows = db.session.scalars(
        select(Answer)
        .where(Answer.sitting_id == sitting.id)
        .execution_options(populate_existing=True)
    )
    return {row.item: row for row in rows}


def responses_of(sitting: Sitting) -> list[Response]:
    """The responses to a task's trials, in order of arrival."""
    rows = db.session.scalars(
        select(TrialResponse)
        .where(TrialResponse.sitting_id == sitting.id)
        .order_by(TrialResponse.sequence)
    )
    return [
        Response(
            **{name: getattr(row, name) for name in POSTED},
            received_ms=(row.received_at - sitting.started_at) / timedelta(milliseconds=1),
        )
        for row in rows
    ]
