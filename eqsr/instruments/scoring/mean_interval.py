"""95 % bands of means and ratios, with Student's quantiles."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eqsr.instruments.scoring.interval import Band, Z, serial_factor


def ratio_band(counts: Sequence[float], amounts: Sequence[float]) -> Band:
    """Interval of sum(counts) / sum(amounts), on the log scale by linearisation.

    The usual variance of a ratio of two means of n pairs (Cochran 1977, Sampling Techniques,
    section 6.4), with Student's quantile for n - 1, made wider if neighbouring pairs resemble each
    other (interval.serial_factor). Raises ValueError for fewer than 6 pairs or
    when nothing was counted.
    """
    n, total, amount = len(counts), sum(counts), sum(amounts)
    if n < 6 or n != len(amounts) or total <= 0 or amount <= 0:
        raise ValueError("the band of a ratio needs at least 6 pairs and something counted")
    ratio = total / amount
    residuals = [c - ratio * a for c, a in zip(counts, amounts, strict=True)]
    variance = sum(one * one for one in residuals) / (n - 1)
    error = serial_factor(residuals) * math.sqrt(n * variance) / amount
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
