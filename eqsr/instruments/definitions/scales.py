"""What an instrument asks and what it measures: items, answer options and scales.

Every text is in one language, the instrument's.
"""

from dataclasses import dataclass


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
    shown with ``decimals`` decimals. ``better`` is the end that is better at the task, "high" or
    "low"; None if neither is. A facet is ``part_of`` a scale; ``measures`` describes it.
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
    better: str | None = None


@dataclass(frozen=True)
class Option:
    """An answer option: the number that is stored and the words that are shown."""

    value: int
    label: str
