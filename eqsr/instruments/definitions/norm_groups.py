"""Norm groups, with which scores are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from eqsr.core.messages import N_


@dataclass(frozen=True)
class ScaleNorm:
    """Mean and standard deviation of a scale in the norm group, in the scale's raw unit.

    ``quantiles`` at norming.PERCENTS, if the group's own people were counted.
    """

    mean: float
    sd: float
    quantiles: tuple[float, ...] = ()


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
