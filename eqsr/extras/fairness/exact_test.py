"""Exact tests of whether a group's rate differs from others', by chance alone."""

import math
from collections.abc import Iterable

Table = tuple[int, int, int, int]
"""(a, b, c, d): hits and misses of the group, hits and misses of the others."""

NEGLIGIBLE = 1e-13
"""Probabilities below this are dropped at both ends, which keeps large tables quick."""


def exact_p(tables: Iterable[Table]) -> float:
    """Two-sided p of one or more tables with a common odds ratio of 1, given all their margins.

    How likely numbers of hits are, summed over the tables, that are no likelier than the one seen
    (Fisher 1922 for one table; Mehta, Patel & Gray 1985, JASA 80, 969-973 for several). Raises
    ValueError for negative counts.
    """
    seen, least, whole = 0, 0, [1.0]
    for a, b, c, d in tables:
        if min(a, b, c, d) < 0:
            raise ValueError("counts can't be negative")
        start, chances = hypergeometric(a + b, c + d, a + c)
        seen += a
        least, whole = _trimmed(least + start, _sum(whole, chances))
    at = seen - least
    if not 0 <= at < len(whole):
        return 0.0
    # Equally likely numbers differ by rounding; R's fisher.test allows the same.
    limit = whole[at] * (1 + 1e-7)
    return min(1.0, math.fsum(chance for chance in whole if chance <= limit))


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact test, two-sided, of the table ((a, b), (c, d))."""
    return exact_p([(a, b, c, d)])


def hypergeometric(first: int, second: int, hits: int) -> tuple[int, list[float]]:
    """The least number of hits that ``first`` people may have; its chance, and that of each more.

    ``second`` other people have the rest of the ``hits``.
    """
    possible = range(max(0, hits - second), min(first, hits) + 1)
    logs = [_log_comb(first, k) + _log_comb(second, hits - k) for k in possible]
    chances = [math.exp(log - max(logs)) for log in logs]
    whole = math.fsum(chances)
    return _trimmed(possible.start, [chance / whole for chance in chances])


def holm(ps: list[float]) -> list[float]:
    """Each p adjusted for how many there are (Holm 1979, Scandinavian Journal of Statistics 6).

    If nothing differs, the chance that any of them is below .05 is at most 5 in 100.
    """
    adjusted, least = [0.0] * len(ps), 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[at]))
        adjusted[at] = least
    return adjusted


def _sum(one: list[float], other: list[float]) -> list[float]:
    """Chances of the sum of two independent numbers."""
    whole = [0.0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            whole[i + j] += a * b
    return whole


def _trimmed(start: int, chances: list[float]) -> tuple[int, list[float]]:
    kept = [at for at, chance in enumerate(chances) if chance > NEGLIGIBLE]
    return start + kept[0], chances[kept[0] : kept[-1] + 1]


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
