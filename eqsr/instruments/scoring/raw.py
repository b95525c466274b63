"""From answers to raw scores: reverse keying, scale mean, missing answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eqsr.instruments.definitions.scales import Item

ENOUGH_ANSWERED = 0.8
"""Share of a scale's items that must be answered for the scale to be scored.

A common rule for ten-item scales: at most two may be missing.
"""


@dataclass(frozen=True)
class ItemResponse:
    """One answer: the option's value, and milliseconds from showing the item to the answer."""

    value: int
    response_ms: int | None = None


@dataclass(frozen=True)
class RawScore:
    """A scale's raw score. ``mean`` is on the metric of the options (1 to 5), higher = more.

    ``sum`` is the mean times the number of items: the plain sum if all are answered, else the
    prorated one. Both are None if too few items are answered. ``values`` are the keyed answers.
    """

    sum: float | None
    mean: float | None
    answered: int
    items: int
    values: tuple[int, ...] = ()


def keyed_value(value: int, keyed: int, low: int = 1, high: int = 5) -> int:
    """The answer reversed, low + high - value, if ``keyed`` is -1, so that higher means more.

    On five options that is 6 - value (IPIP scoring instructions). Raises ValueError for a value
    outside low..high, or a key that is neither 1 nor -1.
    """
    if not low <= value <= high:
        raise ValueError(f"answer {value} is outside {low}..{high}")
    if keyed not in (1, -1):
        raise ValueError(f"key {keyed} is neither 1 nor -1")
    return value if keyed == 1 else low + high - value


def raw_score(
    items: Sequence[Item], answers: Mapping[int, ItemResponse], low: int = 1, high: int = 5
) -> RawScore:
    """Mean and prorated sum of the answers (item number -> answer) to one scale's items."""
    values = [
        keyed_value(answers[item.number].value, item.keyed, low, high)
        for item in items
        if item.number in answers
    ]
    if not values or len(values) < ENOUGH_ANSWERED * len(items):
        return RawScore(None, None, len(values), len(items), tuple(values))
    mean = sum(values) / len(values)
    return RawScore(mean * len(items), mean, len(values), len(items), tuple(values))
