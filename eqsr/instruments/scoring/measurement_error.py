"""Margins of error: the standard error of measurement, and bands of scores."""

import math

from eqsr.instruments.scoring.norming import sten_position

Z_95 = 1.96
"""Half-width of a 95 % band in standard errors, as test manuals print it."""


def sem(sd: float, reliability: float) -> float:
    """Standard error of measurement: SD sqrt(1 - r) (classical test theory).

    In the units of ``sd``: 1 for z, 2 for stens, 10 for T, the norm group's own for raw scores.
    """
    if not 0 <= reliability <= 1:
        raise ValueError(f"reliability {reliability} is outside 0..1")
    return sd * math.sqrt(1 - reliability)


def band(score: float, sem: float) -> tuple[float, float]:
    """The 95 % band around an observed score: score +- 1.96 SEM, in the score's units."""
    return score - Z_95 * sem, score + Z_95 * sem


def regressed(score: float, mean: float, reliability: float) -> float:
    """Kelley's estimate of the true score, M + r (x - M) (Kelley 1927; Lord & Novick 1968, 3.7).

    A score far from the middle was more often helped by chance than held back by it.
    """
    return mean + reliability * (score - mean)


def regressed_band(score: float, mean: float, sd: float, reliability: float) -> tuple[float, float]:
    """The 95 % band around the regressed estimate: +- 1.96 SD sqrt(r (1 - r)).

    The last factor is the standard error of estimation (Lord & Novick 1968, 3.8). Never excludes
    the score itself. In the units of ``score``.
    """
    middle = regressed(score, mean, reliability)
    low, high = band(middle, sem(sd, reliability) * math.sqrt(reliability))
    return min(low, score), max(high, score)


def sten_ends(low: float, high: float) -> tuple[float, float]:
    """A band in z as stens, each end rounded to one decimal and clipped to 1..10."""
    return round(sten_position(low), 1), round(sten_position(high), 1)


def difference_error(sem: float) -> float:
    """Standard error of the difference of two people's scores: SEM sqrt(2)."""
    return sem * math.sqrt(2)


def really_different(a: float, b: float, sem: float) -> bool:
    """Whether two people's scores differ by more than measurement error: |a - b| > 1.96 SEdiff."""
    return abs(a - b) > Z_95 * difference_error(sem)
