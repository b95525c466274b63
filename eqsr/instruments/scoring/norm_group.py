"""Size, mean and standard deviation of a norm group."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class NormGroup:
    """Size, mean and standard deviation of a group on one scale; ``quantiles`` if counted."""

    n: int
    mean: float
    sd: float
    quantiles: tuple[float, ...] = ()


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
