"""From raw scores to standard scores and their margins of error."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

Z_95 = 1.96
"""Half-width of a 95 % band in standard errors, as test manuals print it."""

NORMAL = NormalDist()


@dataclass(frozen=True)
class NormGroup:
    """Size, mean and standard deviation of a group on one scale."""

    n: int
    mean: float
    sd: float


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


def band_word(sten: int) -> str:
    """``low`` for stens 1-3, ``mid`` for 4-7, ``high`` for 8-10."""
    return "low" if sten <= 3 else "mid" if sten <= 7 else "high"


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


def pool(groups: Iterable[NormGroup]) -> NormGroup:
    """One group out of several, from their sizes, means and standard deviations alone.

    M = sum(n m) / sum(n), variance = sum(n (s^2 + (m - M)^2)) / sum(n): exact when each s is the
    group's own (divided by n) standard deviation. Published norms that are split by sex or age
    are pooled like this before use, as 42 U.S.C. 2000e-2(l) forbids scores that depend on such a
    split.
    """
    groups = list(groups)
    total = sum(group.n for group in groups)
    if total <= 0:
        raise ValueError("nothing to pool")
    mean = sum(group.n * group.mean for group in groups) / total
    variance = sum(g.n * (g.sd**2 + (g.mean - mean) ** 2) for g in groups) / total
    return NormGroup(n=total, mean=mean, sd=math.sqrt(variance))
