"""One sitting's scores, scale by scale, with the texts that explain them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from eqsr.instruments import plot
from eqsr.instruments.catalogue import Explanation, Instrument, Norm, Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.raw import ENOUGH_ANSWERED
from eqsr.sittings.models import Sitting


@dataclass(frozen=True)
class ScaleResult:
    """One scale: its score, and the texts for its low and high ends.

    ``here`` is the text for the band of this score; None when the score has no norm or can't be
    interpreted.
    """

    scale: Scale
    score: ScaleScore
    low: Explanation
    high: Explanation
    here: Explanation | None

    @property
    def readable(self) -> bool:
        """Whether the score can be interpreted."""
        return self.score.interpretable

    @property
    def too_few_answers(self) -> bool:
        """Whether too many questions were left open to interpret the score."""
        return self.score.answered < ENOUGH_ANSWERED * self.score.items


@dataclass(frozen=True)
class FacetResult:
    """The score of a part of a scale. It is less precise than a scale's and has no texts."""

    facet: Scale
    score: ScaleScore


@dataclass(frozen=True)
class EarlierScores:
    """Scores that newer ones replaced: the name of their norm, and when they were computed."""

    norm: str
    scored_at: datetime


@dataclass(frozen=True)
class ProfilePart:
    """One sitting with its scores; ``scales`` is empty until the sitting is finished."""

    sitting: Sitting
    instrument: Instrument
    norm: Norm
    answered: int
    scales: Sequence[ScaleResult] = ()
    earlier: Sequence[EarlierScores] = ()
    facets: Sequence[FacetResult] = ()

    @property
    def facets_by_scale(self) -> list[tuple[Scale, list[FacetResult]]]:
        """Each scale that has facets, with their scores; empty if no score can be interpreted."""
        found = [
            (one.scale, [part for part in self.facets if part.facet.part_of == one.scale.id])
            for one in self.scales
        ]
        return [(scale, parts) for scale, parts in found if parts] if self.readable else []

    @property
    def readable(self) -> bool:
        """Whether any score can be interpreted."""
        return any(result.score.interpretable for result in self.scales)

    @property
    def unreadable_as_a_whole(self) -> bool:
        """Whether the quality checks make every score uninterpretable."""
        return bool(self.sitting.quality) and not self.readable

    def drawing(self, layout: str) -> Markup:
        """The drawing of all scales. ``layout``: ``wide`` or ``compact``."""
        return plot.plot(
            [result.score for result in self.scales],
            [result.scale for result in self.scales],
            layout,
            prefix=f"plot-{self.sitting.id.hex[-8:]}",
            title=self.instrument.name,
        )
