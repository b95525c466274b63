"""A job's list in the order of one scale: for finding whom to talk with about what.

It is no ranking: people whose bands overlap are not told apart, and who can't be interpreted
stands apart, neither first nor last.
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
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.instruments import instruments_of
from eqsr.jobs.models import Job
from eqsr.sittings.models import Score, Sitting

SCORE_PREFIX = "score"
APART_AT_MOST = 50


@dataclass(frozen=True)
class ScaleOrder:
    """In the order of this scale, from its high pole or from its low one."""

    instrument: str
    scale: Scale
    from_high: bool

    @property
    def value(self) -> str:
        """As it stands in an address."""
        end = "high" if self.from_high else "low"
        return f"{SCORE_PREFIX}.{self.instrument}.{self.scale.id}.{end}"

    @property
    def first_pole(self) -> str:
        return self.scale.high_pole if self.from_high else self.scale.low_pole


def orders(job: Job, language: str = "en") -> list[ScaleOrder]:
    """What the job's list can be ordered by: each scale that its people take, from both ends."""
    return [
        ScaleOrder(part, scale, from_high)
        for part in instruments_of(job)
        for scale in catalogue.instrument(part, language=language).scales
        for from_high in (True, False)
    ]


def chosen(job: Job, value: str, language: str = "en") -> ScaleOrder | None:
    """The order that an address names, if it is one of the job's."""
    if not value.startswith(f"{SCORE_PREFIX}."):
        return None
    return next((one for one in orders(job, language) if one.value == value), None)


def readable(query: Select, order: ScaleOrder) -> Select:
    """Those of a query over invitations whose score on the scale can be interpreted."""
    return _joined(query, order).where(Score.outcome["interpretable"].as_boolean())


def places(order: ScaleOrder) -> tuple:
    """What to order ``readable`` by: the scale's own unit, which no norm group can shift."""
    raw = Score.outcome["raw"].as_float()
    return (raw.desc() if order.from_high else raw.asc(), Invitation.id)


def apart(query: Select, order: ScaleOrder) -> Sequence[Invitation]:
    """Those who finished and whose score on the scale can't be interpreted."""
    found = _joined(query, order).where(~Score.outcome["interpretable"].as_boolean())
    return db.session.scalars(found.order_by(Invitation.id).limit(APART_AT_MOST)).all()


def scores(invitation_ids: Sequence[uuid.UUID], order: ScaleOrder) -> dict[uuid.UUID, ScaleScore]:
    """Each one's score on the scale, by invitation."""
    rows = db.session.execute(
        _joined(select(Invitation.id, Score.outcome), order).where(
            Invitation.id.in_(invitation_ids)
        )
    )
    return {row[0]: ScaleScore(**row[1]) for row in rows}


def steps(ordered: Sequence[ScaleScore]) -> set[int]:
    """The places, from 0, whose score differs from the next one's beyond measurement error."""
    return {place for place, pair in enumerate(pairwise(ordered)) if differs(*pair)}


def _joined(query: Select, order: ScaleOrder) -> Select:
    """With the current score on the scale of each invitation that is completed: who is half-way
    through may have finished this part already."""
    sitting = and_(Sitting.invitation_id == Invitation.id, Sitting.instrument == order.instrument)
    score = and_(Score.sitting_id == Sitting.id, Score.scale == order.scale.id, Score.is_current)
    completed = Invitation.state == InvitationState.COMPLETED
    return query.join(Sitting, sitting).join(Score, score).where(completed)
