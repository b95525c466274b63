"""Everything that is computed from one sitting."""

from dataclasses import asdict, dataclass
from typing import Any

from eqsr.instruments.scoring.quality import Quality
from eqsr.instruments.scoring.scale_score import ScaleScore


@dataclass(frozen=True)
class Result:
    """Everything that is computed from one sitting.

    ``facets`` are parts of the scales, measured less precisely.
    """

    instrument_id: str
    instrument_version: str
    norm_id: str
    norm_version: str
    scales: tuple[ScaleScore, ...]
    quality: Quality
    facets: tuple[ScaleScore, ...] = ()

    @property
    def interpretable(self) -> bool:
        """Whether any scale is interpretable."""
        return any(score.interpretable for score in self.scales)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain dicts, lists, strings and numbers."""
        return asdict(self)
