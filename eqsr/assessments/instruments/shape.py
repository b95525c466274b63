"""The shape of an instrument: what a folder under ``instruments/`` holds once it is read.

Everything is frozen, and every text is in one language, the one the instrument was asked for in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BANDS = ("low", "mid", "high")
"""Words for stens 1-3, 4-7 and 8-10, in this order."""


@dataclass(frozen=True)
class Item:
    """One statement. ``keyed`` is +1, or -1 when agreeing means less of the scale."""

    number: int
    text: str
    scale: str
    keyed: int


@dataclass(frozen=True)
class Scale:
    """One trait with a neutral word for each end, and how reliably it is measured (0 to 1)."""

    id: str
    name: str
    low_pole: str
    high_pole: str
    reliability: float
    reliability_source: str


@dataclass(frozen=True)
class ScaleNorm:
    """Mean and standard deviation of a scale in the norm group, as item means (1 to 5)."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Norm:
    """A norm group: who the score is compared with. ``date`` is ISO 8601, ``n`` is people."""

    id: str
    version: str
    name: str
    source: str
    population: str
    n: int
    date: str
    licence: str
    caveats: tuple[str, ...]
    scales: Mapping[str, ScaleNorm]


@dataclass(frozen=True)
class Explanation:
    """The written text for one scale and one band (``low``, ``mid``, ``high``)."""

    scale: str
    band: str
    measures: str
    stands: str
    strengths: tuple[str, ...]
    watch_outs: tuple[str, ...]
    interview: tuple[str, ...]
    does_not_tell: str


@dataclass(frozen=True)
class Option:
    """One answer a person can choose: the number that is stored and the words that are shown."""

    value: int
    label: str


@dataclass(frozen=True)
class Instrument:
    """A questionnaire in one version and one language, ready to be shown and scored.

    ``items`` are in the order of presentation. ``opposite_pairs`` are numbers of items that say
    nearly the opposite of each other; they serve only to notice careless answers.
    """

    id: str
    version: str
    language: str
    languages: tuple[str, ...]
    name: str
    purpose: str
    minutes: int
    instructions: tuple[str, ...]
    evidence: tuple[str, ...]
    limits: tuple[str, ...]
    options: tuple[Option, ...]
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    opposite_pairs: tuple[tuple[int, int], ...]
    norms: Mapping[str, Norm]
    default_norm: str
    explanations: Mapping[tuple[str, str], Explanation]
    folder: Path

    @property
    def norm(self) -> Norm:
        """The norm group that is used unless another one is asked for."""
        return self.norms[self.default_norm]

    def scale(self, scale_id: str) -> Scale:
        """The scale of that id. Raises KeyError."""
        for scale in self.scales:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)

    def item(self, number: int) -> Item:
        """The item of that number. Raises KeyError."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(number)

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """The items of a scale, in the order of presentation."""
        return tuple(item for item in self.items if item.scale == scale_id)

    def explanation(self, scale_id: str, band: str) -> Explanation:
        """The text for a scale and a band. Raises KeyError."""
        return self.explanations[(scale_id, band)]
