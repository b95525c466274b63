"""One scale of a comparison: its people, their scores, and who differs from whom."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.scoring import ScaleScore


@dataclass(frozen=True)
class ComparisonRow:
    """One person on one scale.

    ``score`` is None when the person did not take the instrument, or took another version.
    ``apart`` names the people who differ from this one by more than measurement error.
    ``comparable`` is False when nobody else in the comparison can be compared with this person.
    """

    name: str
    candidate_id: uuid.UUID
    score: ScaleScore | None
    overlap: Overlap
    apart: Sequence[str] = ()
    comparable: bool = True

    @property
    def readable(self) -> bool:
        """Whether there is a score that can be interpreted."""
        return self.score is not None and self.score.interpretable


@dataclass(frozen=True)
class Pair:
    """Two people who differ by more than measurement error; ``further`` has the higher score."""

    further: str
    other: str


@dataclass(frozen=True)
class Comparison:
    """One scale: the people in order of their names, and the pairs that differ.

    ``uneven``: some people had longer time limits, and are compared only with each other.
    """

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    rows: Sequence[ComparisonRow]
    pairs: Sequence[Pair]
    uneven: bool = False

    @property
    def comparable(self) -> bool:
        """Whether at least two people can be compared."""
        return any(row.readable and row.comparable for row in self.rows)

    @property
    def normed(self) -> bool:
        """Whether any score that can be interpreted has stens."""
        return any(row.score.normed for row in self.rows if row.score and row.readable)
