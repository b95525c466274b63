"""95 % bands of proportions, medians and differences, from one sitting's own trials."""

import math
from collections.abc import Sequence
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


def difference_band(first: float, first_band: Band, second: float, second_band: Band) -> Band:
    """Interval of first - second, from the intervals of two independent estimates.

    Method of variance estimates recovery (Zou & Donner 2008, Statistics in Medicine 27,
    1693-1702), which keeps the asymmetry of the two intervals.
    """
    difference = first - second
    below = math.hypot(first - first_band[0], second_band[1] - second)
    above = math.hypot(first_band[1] - first, second - second_band[0])
    return difference - below, difference + above
