"""95 % bands computed from one sitting's own trials, which need no norm group."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""1.959963984540054, unrounded, so that these bands equal those of statistics packages."""

Band = tuple[float, float]


def wilson(right: int, n: int) -> Band:
    """Score interval of a proportion (Wilson 1927, JASA 22, 209-212), each end within 0..1.

    Raises ValueError for impossible counts.
    """
    if not 0 <= right <= n or n == 0:
        raise ValueError(f"{right} of {n} is impossible")
    share, z2 = right / n, Z * Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if right == 0 else centre - half
    high = 1.0 if right == n else centre + half
    return low, high


def median_band(values: Sequence[float]) -> Band:
    """Interval of a median from order statistics, interpolated to 95 %.

    Hettmansperger & Sheather 1986, Statistics & Probability Letters 4, 75-79. Makes no assumption
    about the shape of the distribution. Raises ValueError for fewer than 6 values, whose smallest
    and largest do not enclose the median with 95 % confidence.
    """
    n, ordered = len(values), sorted(values)
    if n < 6:
        raise ValueError("the band of a median needs at least 6 values")
    k = 1
    while _enclosing(n, k + 1) >= CONFIDENCE:
        k += 1
    outer, inner = _enclosing(n, k), _enclosing(n, k + 1)
    share = (outer - CONFIDENCE) / (outer - inner)
    weight = (n - k) * share / (k + (n - 2 * k) * share)
    low = (1 - weight) * ordered[k - 1] + weight * ordered[k]
    high = (1 - weight) * ordered[n - k] + weight * ordered[n - k - 1]
    return low, high


def _enclosing(n: int, k: int) -> float:
    """Probability that the k-th smallest and the k-th largest of n enclose the median."""
    return 1 - 2 * sum(math.comb(n, i) for i in range(k)) / (1 << n)


def ratio_band(counts: Sequence[float], amounts: Sequence[float]) -> Band:
    """Interval of sum(counts) / sum(amounts), on the log scale by linearisation.

    The usual variance of a ratio of two means of n pairs (Cochran 1977, Sampling Techniques,
    section 6.4), with Student's quantile for n - 1. Raises ValueError for fewer than 6 pairs or
    when nothing was counted.
    """
    n, total, amount = len(counts), sum(counts), sum(amounts)
    if n < 6 or n != len(amounts) or total <= 0 or amount <= 0:
        raise ValueError("the band of a ratio needs at least 6 pairs and something counted")
    ratio = total / amount
    residuals = sum((c - ratio * a) ** 2 for c, a in zip(counts, amounts, strict=True)) / (n - 1)
    error = math.sqrt(n * residuals) / amount
    factor = math.exp(_student(n - 1) * error / ratio)
    return ratio / factor, ratio * factor


@dataclass(frozen=True)
class Spread:
    """Variance of answers around their mean, and its degrees of freedom."""

    variance: float
    freedom: int


def spread(groups: Iterable[Sequence[float]]) -> Spread:
    """Pooled spread within groups of answers, at least 1/12.

    Even equal answers are rounded to whole options, which has a variance of 1/12. Raises ValueError
    for fewer than 3 degrees of freedom.
    """
    squares, freedom = 0.0, 0
    for values in groups:
        middle = sum(values) / len(values)
        squares += sum((value - middle) ** 2 for value in values)
        freedom += len(values) - 1
    if freedom < 3:
        raise ValueError("too few answers to say how much they differ")
    return Spread(max(squares / freedom, 1 / 12), freedom)


def mean_band(values: Sequence[float], within: Spread, least: float, most: float) -> Band:
    """Interval of the mean of answers, given their spread; clipped to ``least``..``most``.

    The items are treated as a sample of all items that could be asked (Student 1908).
    """
    middle = sum(values) / len(values)
    half = _student(within.freedom) * math.sqrt(within.variance / len(values))
    return max(least, middle - half), min(most, middle + half)


def _student(freedom: int) -> float:
    """Student's 97.5 % quantile by the first terms of its expansion (Fisher & Cornish 1960).

    Within .03 of the exact value from 3 degrees of freedom on, and within .001 from 8.
    """
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    third = (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384
    return Z + first / freedom + second / freedom**2 + third / freedom**3


def difference_band(first: float, first_band: Band, second: float, second_band: Band) -> Band:
    """Interval of first - second, from the intervals of two independent estimates.

    Method of variance estimates recovery (Zou & Donner 2008, Statistics in Medicine 27,
    1693-1702), which keeps the asymmetry of the two intervals.
    """
    difference = first - second
    below = math.hypot(first - first_band[0], second_band[1] - second)
    above = math.hypot(first_band[1] - first, second - second_band[0])
    return difference - below, difference + above


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
