"""The data classes of an instrument, as read from a folder under ``definitions/``.

Everything is frozen, and every text is in one language, the instrument's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eqsr.core.messages import N_

BANDS = ("low", "mid", "high")
"""Names of the bands of stens 1-3, 4-7 and 8-10."""

ANCHORS = (1, 3, 5)
"""The ratings of an interview question that have a description; 2 and 4 lie between them."""


@dataclass(frozen=True)
class Item:
    """One statement. ``keyed`` is +1, or -1 if agreeing means less of the scale."""

    number: int
    text: str
    scale: str
    keyed: int


@dataclass(frozen=True)
class Scale:
    """One trait, with a neutral word for each end.

    ``reliability`` (0 to 1) is None until it was measured; ``reliability_source`` says by whom, or
    that it was not. Raw scores lie between ``least`` and ``most``, are counted in ``unit`` and
    shown with ``decimals`` decimals. A facet is ``part_of`` a scale; ``measures`` describes it.
    """

    id: str
    name: str
    low_pole: str
    high_pole: str
    reliability: float | None
    reliability_source: str
    unit: str = ""
    least: float = 1
    most: float = 5
    decimals: int = 1
    part_of: str | None = None
    measures: str = ""


@dataclass(frozen=True)
class ScaleNorm:
    """Mean and standard deviation of a scale in the norm group, as item means (1 to 5)."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Norm:
    """A norm group, with which scores are compared. ``date``: ISO 8601. ``n``: number of people.

    ``NO_NORM``, with no people and no scales, is used until there is one.
    """

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


NO_NORM = Norm(
    id="none",
    version="0",
    name=N_("No comparison group yet"),
    source=N_("None: nobody has measured a group that these scores could be compared with."),
    population=N_("Nobody yet. Scores are shown as they are, in their own unit."),
    n=0,
    date="",
    licence="",
    caveats=(
        N_("Without a comparison group nobody can say whether a score is usual or unusual."),
        N_("A local group can be formed as soon as 100 people of your own have taken part."),
    ),
    scales=MappingProxyType({}),
)


@dataclass(frozen=True)
class Explanation:
    """The texts for one scale and one band (``low``, ``mid``, ``high``)."""

    scale: str
    band: str
    measures: str
    stands: str
    strengths: tuple[str, ...]
    watch_outs: tuple[str, ...]
    interview: tuple[str, ...]
    does_not_tell: str


@dataclass(frozen=True)
class InterviewQuestion:
    """A question that every candidate is asked, and how answers are rated.

    ``anchors``: rating (1, 3 and 5) -> the behaviour that earns it. ``looks_for``: the behaviour at
    work that the question is about, for both ends of the scale.
    """

    scale: str
    looks_for: str
    ask: str
    probes: tuple[str, ...]
    anchors: Mapping[int, str]


@dataclass(frozen=True)
class Option:
    """An answer option: the number that is stored and the words that are shown."""

    value: int
    label: str


@dataclass(frozen=True)
class Instrument:
    """A questionnaire or a task in one version and one language, ready to be shown and scored.

    A questionnaire has ``options`` and ``items``, in the order of presentation. ``opposite_pairs``
    are numbers of items with nearly opposite statements, used only to detect careless answers.
    ``facets`` are parts of scales, measured less precisely.

    A task has no items. Its ``engine`` (a module of eqsr.instruments.tasks) makes trials from
    ``parameters``, and practice trials from ``practice``. ``try_out`` says how to practise, and
    ``words`` are the texts of the game.
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
    kind: str = "questionnaire"
    facets: tuple[Scale, ...] = ()
    accessibility: tuple[str, ...] = ()
    engine: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    practice: Mapping[str, Any] = field(default_factory=dict)
    try_out: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    interview: tuple[InterviewQuestion, ...] = ()

    @property
    def norm(self) -> Norm:
        """The default norm group."""
        return self.norms[self.default_norm]

    def scale(self, scale_id: str) -> Scale:
        """The scale or facet with this id. Raises KeyError if there is none."""
        for scale in (*self.scales, *self.facets):
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)

    def item(self, number: int) -> Item:
        """The item with this number. Raises KeyError if there is none."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(number)

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """The items of a scale and of its facets, in the order of presentation."""
        parts = {scale_id} | {facet.id for facet in self.facets if facet.part_of == scale_id}
        return tuple(item for item in self.items if item.scale in parts)

    def explanation(self, scale_id: str, band: str) -> Explanation:
        """The texts for a scale and a band. Raises KeyError if there are none."""
        return self.explanations[(scale_id, band)]
