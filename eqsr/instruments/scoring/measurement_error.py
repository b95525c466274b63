"""Margins of error: the standard error of measurement, and bands of scores."""

import math

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


def sten_band(z: float, reliability: float) -> tuple[float, float]:
    """The 95 % band in stens, each end rounded to one decimal and clipped to 1..10."""
    return sten_ends(z, sem(1, reliability))


def sten_ends(z: float, error: float) -> tuple[float, float]:
    """The 95 % band in stens; ``error``: standard error of measurement in the group's SDs."""
    ends = band(2 * z + 5.5, 2 * error)
    low, high = (round(max(1.0, min(10.0, end)), 1) for end in ends)
    return low, high


def difference_error(sem: float) -> float:
    """Standard error of the difference of two people's scores: SEM sqrt(2)."""
    return sem * math.sqrt(2)


def really_different(a: float, b: float, sem: float) -> bool:
    """Whether two people's scores differ by more than measurement error: |a - b| > 1.96 SEdiff."""
    return abs(a - b) > Z_95 * difference_error(sem)
