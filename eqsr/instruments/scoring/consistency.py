"""How far the answers of one person hang together, from nothing but the answers.

Each measure is a pure function with its source; ``inconsistency`` is the one rule that combines
them. What it finds, and what it finds wrongly: docs/limits.md.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import StatisticsError, correlation, fmean

Values = Mapping[str, Sequence[float]]
"""Scale (or facet) -> the person's keyed answers to it, in the order of presentation."""

LEAST_SCATTER = 1 / 12
"""Variance that rounding to whole options leaves even in equal answers."""


def together(pairs: Sequence[tuple[float, float]]) -> float:
    """Correlation of pairs; 0 with fewer than three, or where one side does not vary."""
    if len(pairs) < 3:
        return 0.0
    try:
        return correlation(*zip(*pairs, strict=True))
    except StatisticsError:
        return 0.0


def even_odd(scales: Values) -> float:
    """Correlation of the two half means over scales, corrected to full length.

    Even-odd consistency (Johnson 2005, Journal of Research in Personality 39, 103-129): each scale
    is split into its first, third, ... and its second, fourth, ... phrase. Five scales are five
    pairs, too few to judge anybody by.
    """
    halves = [(fmean(v[::2]), fmean(v[1::2])) for v in scales.values() if len(v) > 1]
    r = together(halves)
    return 2 * r / (1 + r) if r > -0.5 else -1.0


def person_total(given: Sequence[float], usual: Sequence[float]) -> float:
    """Correlation of a person's answers with what people usually answer to the same phrases.

    Personal biserial or person-total correlation (Donlon & Fischer 1968, Educational and
    Psychological Measurement 28, 105-113; Curran 2016, JESP 66, 4-19). Near 0 for dice.
    """
    return together(list(zip(given, usual, strict=True)))


def synonyms(pairs: Sequence[tuple[float, float]]) -> float:
    """Correlation over pairs of phrases that say much the same (or, turned round, the opposite).

    Psychometric synonyms (Meade & Craig 2012, Psychological Methods 17, 437-455), here by key:
    neighbours of one scale, both in the direction of the first.
    """
    return together(pairs)


def scatter(scales: Values) -> float:
    """Variance of the keyed answers around their own scale's mean, pooled; at least 1/12.

    The squared Mahalanobis distance per degree of freedom (Mahalanobis 1936) where the phrases of a
    scale are alike, without the part for where the scales' means lie: those are what is measured,
    and nobody is careless for being unusual.
    """
    squares, freedom = 0.0, 0
    for values in scales.values():
        middle = fmean(values)
        squares += math.fsum((value - middle) ** 2 for value in values)
        freedom += len(values) - 1
    return max(LEAST_SCATTER, squares / freedom) if freedom else LEAST_SCATTER


def keyed_share(scales: Values, middle: float) -> float:
    """Share of what leads away from the middle option that one value per scale explains.

    Adjusted for the number of scales (Ezekiel 1930): 0 on average for dice, 1 if every scale got
    one answer, turned round where a phrase is.
    """
    values = [value for group in scales.values() for value in group]
    n, k = len(values), len(scales)
    whole = math.fsum((value - middle) ** 2 for value in values)
    if n <= k or not whole:
        return 0.0
    left = math.fsum((value - fmean(group)) ** 2 for group in scales.values() for value in group)
    return 1 - left / whole * n / (n - k)


def repetition(values: Sequence[int], longest: int = 10) -> float:
    """Largest share of answers that repeat the one 1 to ``longest`` places before.

    Long-string analysis (Johnson 2005) for patterns: 1-2-3-4-5 over and over, or up and down.
    """
    n = len(values)
    shares = [
        sum(values[at] == values[at - lag] for at in range(lag, n)) / (n - lag)
        for lag in range(1, min(longest, n - 1) + 1)
    ]
    return max(shares, default=0.0)


def time_by_length(times_ms: Sequence[float], lengths: Sequence[int]) -> float:
    """Correlation of the logarithm of response times with the length of what was to be read.

    People who read take longer for more words (Yan & Tourangeau 2008, Applied Cognitive Psychology
    22, 51-68).
    """
    return together([(math.log(max(1, t)), n) for t, n in zip(times_ms, lengths, strict=True)])


def inconsistency(scatter: float, share: float, synonyms: float, person_total: float) -> float:
    """One figure of how little answers hang together: 8 ln scatter - 8 share - synonyms - 6 total.

    The linear discriminant (Fisher 1936) between simulated people who read and dice, with round
    weights. For each measure alone there are sincere people whom it would refuse.
    """
    return 8 * math.log(scatter) - 8 * share - synonyms - 6 * person_total
