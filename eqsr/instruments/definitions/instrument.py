"""An instrument, as read from a folder under ``definitions/``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eqsr.instruments.definitions.explanations import Explanation, InterviewQuestion
from eqsr.instruments.definitions.norm_groups import Norm
from eqsr.instruments.definitions.scales import Item, Option, Scale


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
