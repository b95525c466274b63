"""The scores that a comparison looks at."""

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from eqsr.core.db import db
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import WITH_RESULT, Invitation
from eqsr.sittings.models import Score, Sitting


def current_scores(
    invitation_ids: Sequence[uuid.UUID],
) -> dict[tuple[uuid.UUID, str, str, str], tuple[ScaleScore, float]]:
    """(invitation, instrument, version, scale) -> the current score and the time factor.

    Earlier invitations of the same application count too, because each stage of a job may ask
    for another assessment. When an instrument was taken twice, the later attempt counts.
    """
    chosen, taken = aliased(Invitation), aliased(Invitation)
    same_person = and_(
        taken.application_id == chosen.application_id,
        taken.job_id == chosen.job_id,
        taken.attempt <= chosen.attempt,
        taken.state.in_(WITH_RESULT),
    )
    rows = db.session.execute(
        select(chosen.id, Sitting, Score)
        .select_from(chosen)
        .join(taken, same_person)
        .join(Sitting, Sitting.invitation_id == taken.id)
        .join(Score, and_(Score.sitting_id == Sitting.id, Score.is_current))
        .where(chosen.id.in_(invitation_ids))
        .order_by(taken.attempt)
    )
    return {
        (invitation_id, sitting.instrument, sitting.instrument_version, score.scale): (
            ScaleScore(**score.outcome),
            sitting.time_factor,
        )
        for invitation_id, sitting, score in rows
    }
