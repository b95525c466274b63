"""95 % bands of proportions, medians and differences, from one sitting's own trials."""

import math
from collections.abc import Sequence
from itertools import pairwise
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


def serial_factor(values: Sequence[float]) -> float:
    """How much wider the band of a mean is because each value resembles the one before.

    sqrt((1 + r) / (1 - r)) with the correlation r of neighbours, from which the usual shortfall of
    (1 + 4 r) / n is taken back (Bayley & Hammersley 1946; Marriott & Pope 1954). At least 1, as
    neighbours that differ make nothing surer, and at most 3, where r is .8.
    """
    n, middle = len(values), sum(values) / len(values)
    apart = [value - middle for value in values]
    spread = sum(one * one for one in apart)
    if n < 6 or spread == 0:
        return 1.0
    seen = sum(a * b for a, b in pairwise(apart)) / spread
    r = min(0.8, max(0.0, (n * seen + 1) / (n - 4)))
    return math.sqrt((1 + r) / (1 - r))


def widened(band: Band, middle: float, factor: float) -> Band:
    """The band with both ends ``factor`` times as far from ``middle``."""
    return middle - factor * (middle - band[0]), middle + factor * (band[1] - middle)


def difference_band(first: float, first_band: Band, second: float, second_band: Band) -> Band:
    """Interval of first - second, from the intervals of two independent estimates.

    Method of variance estimates recovery (Zou & Donner 2008, Statistics in Medicine 27,
    1693-1702), which keeps the asymmetry of the two intervals.
    """
    difference = first - second
    below = math.hypot(first - first_band[0], second_band[1] - second)
    above = math.hypot(first_band[1] - first, second - second_band[0])
    return difference - below, difference + above
