"""Sort a job's invitations by one scale, to prepare conversations.

This is not a ranking: scores whose bands overlap are not separated, and scores that can't be
interpreted are listed apart, neither first nor last.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Select, and_, select

from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.difference import differs
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import WITH_RESULT, Invitation
from eqsr.jobs.instruments import instruments_of
from eqsr.jobs.models import Job
from eqsr.sittings.models import Score, Sitting

SCORE_PREFIX = "score"
APART_AT_MOST = 50


@dataclass(frozen=True)
class ScaleOrder:
    """Sort by this scale, from its high pole or from its low pole."""

    instrument: str
    scale: Scale
    from_high: bool

    @property
    def value(self) -> str:
        """The value of the ``sort`` query parameter."""
        end = "high" if self.from_high else "low"
        return f"{SCORE_PREFIX}.{self.instrument}.{self.scale.id}.{end}"

    @property
    def first_pole(self) -> str:
        """Name of the pole that comes first."""
        return self.scale.high_pole if self.from_high else self.scale.low_pole


def orders(job: Job, language: str = "en") -> list[ScaleOrder]:
    """The orders that a job offers: each scale of its assessment, from both ends."""
    return [
        ScaleOrder(part, scale, from_high)
        for part in instruments_of(job)
        for scale in catalogue.instrument(part, language=language).scales
        for from_high in (True, False)
    ]


def chosen(job: Job, value: str, language: str = "en") -> ScaleOrder | None:
    """The order that the query parameter names; None if the job does not offer it."""
    if not value.startswith(f"{SCORE_PREFIX}."):
        return None
    return next((one for one in orders(job, language) if one.value == value), None)


def readable(query: Select, order: ScaleOrder) -> Select:
    """Restrict a query over invitations to interpretable scores on the scale."""
    return _joined(query, order).where(Score.outcome["interpretable"].as_boolean())


def places(order: ScaleOrder) -> tuple:
    """ORDER BY terms for ``readable``: the raw score, which does not depend on a norm."""
    raw = Score.outcome["raw"].as_float()
    return (raw.desc() if order.from_high else raw.asc(), Invitation.id)


def apart(query: Select, order: ScaleOrder) -> Sequence[Invitation]:
    """Invitations whose score on the scale can't be interpreted."""
    found = _joined(query, order).where(~Score.outcome["interpretable"].as_boolean())
    return db.session.scalars(found.order_by(Invitation.id).limit(APART_AT_MOST)).all()


def scores(invitation_ids: Sequence[uuid.UUID], order: ScaleOrder) -> dict[uuid.UUID, ScaleScore]:
    """The scores on the scale, by invitation id."""
    rows = db.session.execute(
        _joined(select(Invitation.id, Score.outcome), order).where(
            Invitation.id.in_(invitation_ids)
        )
    )
    return {row[0]: ScaleScore(**row[1]) for row in rows}


def steps(ordered: Sequence[ScaleScore]) -> set[int]:
    """Indexes (from 0) whose score differs from the next by more than measurement error."""
    return {place for place, pair in enumerate(pairwise(ordered)) if differs(*pair)}


def _joined(query: Select, order: ScaleOrder) -> Select:
    """Join the current score on the scale; only of invitations that are completed or ended, because
    a candidate who has finished this part may still be at the rest."""
    sitting = and_(Sitting.invitation_id == Invitation.id, Sitting.instrument == order.instrument)
    score = and_(Score.sitting_id == Sitting.id, Score.scale == order.scale.id, Score.is_current)
    ended = Invitation.state.in_(WITH_RESULT)
    return query.join(Sitting, sitting).join(Score, score).where(ended)
