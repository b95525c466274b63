"""From raw scores to standard scores."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from statistics import NormalDist

NORMAL = NormalDist()


def z_score(raw: float, mean: float, sd: float) -> float:
    """z = (x - M) / SD. Raises ValueError unless sd > 0."""
    if sd <= 0:
        raise ValueError(f"standard deviation {sd} is not positive")
    return (raw - mean) / sd


def sten(z: float) -> int:
    """Standard ten, 1 to 10: clip(floor(2z + 6), 1, 10).

    Ten bands of half a standard deviation, mean 5.5, SD 2 (Canfield 1951, the sten scale).
    Rounding 2z + 5.5 instead would break on the edges: a z of exactly 0 belongs to sten 6.
    """
    return max(1, min(10, math.floor(2 * z + 6)))


def sten_position(z: float) -> float:
    """Sten without rounding, 2z + 5.5, clipped to 1..10: where a point is drawn."""
    return max(1.0, min(10.0, 2 * z + 5.5))


def t_score(z: float) -> float:
    """T = 50 + 10 z."""
    return 50 + 10 * z


def percentile(z: float) -> float:
    """Per cent of a normal norm group below z: 100 Phi(z)."""
    return 100 * NORMAL.cdf(z)


def empirical_percentile(raw: float, sample: Sequence[float]) -> float:
    """Per cent of a sample below the score, ties counted half: 100 (below + 0.5 ties) / N."""
    if not sample:
        raise ValueError("an empty sample has no percentiles")
    below = sum(value < raw for value in sample)
    ties = sum(value == raw for value in sample)
    return 100 * (below + 0.5 * ties) / len(sample)


PERCENTS = (1, *range(5, 100, 5), 99)
"""The percentiles that are kept of a group: so few that none is about one person."""


def quantiles(sample: Sequence[float]) -> tuple[float, ...]:
    """The sample's mid-quantiles at PERCENTS, from which ``percentile_among`` reads percentiles.

    The inverse of the mid-distribution function, in which ties count half, straight between the
    sample's values (Ma, Genton & Parzen 2011, Annals of the Institute of Statistical Mathematics
    63, 227-243). Raises ValueError for an empty sample.
    """
    values = sorted(set(sample))
    shares = [empirical_percentile(value, sample) for value in values]
    if not values:
        raise ValueError("an empty sample has no quantiles")
    return tuple(_between(percent, shares, values) for percent in PERCENTS)


def percentile_among(raw: float, quantiles: Sequence[float]) -> float | None:
    """Per cent of a group below the score, read from its ``quantiles``; None if there are none.

    0.5 below all of them, and 99.5 above. Many people may share the lowest or the highest value, so
    that several quantiles are equal: the innermost counts, as ties count half.
    """
    if not quantiles:
        return None
    if raw < quantiles[0]:
        return 0.5
    if raw > quantiles[-1]:
        return 99.5
    same = [percent for percent, value in zip(PERCENTS, quantiles, strict=True) if value == raw]
    if same:
        if len(same) == len(PERCENTS):
            return 50.0
        return float(same[-1] if raw == quantiles[0] else same[0])
    return _between(raw, quantiles, PERCENTS)


def _between(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """The value at ``x`` of the line through the points, level outside of them."""
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    right = bisect_left(xs, x)
    share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])


def band_word(sten: int) -> str:
    """``low`` for stens 1-3, ``mid`` for 4-7, ``high`` for 8-10."""
    return "low" if sten <= 3 else "mid" if sten <= 7 else "high"
