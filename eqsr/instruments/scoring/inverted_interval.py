"""95 % bands by inverting a test, from exact distributions of counts."""

import math
from collections.abc import Iterable, Mapping, Sequence

from eqsr.instruments.scoring.interval import CONFIDENCE, Band


def count_distribution(chances: Iterable[float]) -> list[float]:
    """Probability of 0, 1, ... n successes when trial i succeeds with chance i (Poisson binomial).

    Computed exactly, by adding one trial after the other.
    """
    distribution = [1.0]
    for chance in chances:
        miss = [p * (1 - chance) for p in distribution] + [0.0]
        hit = [0.0] + [p * chance for p in distribution]
        distribution = [a + b for a, b in zip(miss, hit, strict=True)]
    return distribution


def inverted_band(observed: int, models: Mapping[float, Sequence[float]]) -> Band:
    """Smallest and largest true value under which the observed count is not surprising.

    ``models`` maps each true value of a fine grid to its distribution of counts 0, 1, ... A true
    value is in the band if the mid-p probabilities of a count this low, and of one this high, both
    exceed 2.5 % (Neyman 1937; mid-p after Lancaster 1961). If none is, the band is the closest true
    value. Raises ValueError for an empty grid.
    """
    tail = (1 - CONFIDENCE) / 2
    inside, closest, distance = [], None, math.inf
    for truth, distribution in models.items():
        position = sum(distribution[:observed]) + distribution[observed] / 2
        if tail < position < 1 - tail:
            inside.append(truth)
        if abs(position - 0.5) < distance:
            closest, distance = truth, abs(position - 0.5)
    if closest is None:
        raise ValueError("no true value to choose from")
    return (min(inside), max(inside)) if inside else (closest, closest)
