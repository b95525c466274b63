"""The 95 % band of a memory span."""

import math
from collections import defaultdict
from functools import cache

from eqsr.instruments.scoring.interval import Band
from eqsr.instruments.scoring.inverted_interval import inverted_band
from eqsr.instruments.tasks.span_trials import TRIALS_PER_LENGTH

FLATTER = 1.3
"""How much more slowly than assumed success may fall with length."""
LAPSES = 0.05
"""Share of trials that may go wrong whatever their length."""
GRID = 0.05
"""Step of the grid of spans behind the band."""


def success(span: float, length: int, steepness: float) -> float:
    """Chance to repeat a sequence: 1 / (1 + exp((length - span) / steepness)), .5 at the span."""
    return 1 / (1 + math.exp((length - span) / steepness))


@cache
def span_band(right: int, shortest: int, longest: int, steepness: float) -> Band:
    """The band of spans for this number of right trials, at most half a length above the longest.

    Nobody has measured how steeply success falls for a person, nor how often their thoughts are
    elsewhere. So the band holds three 95 % bands (inverted_interval.inverted_band): as assumed,
    with success that is FLATTER, and with LAPSES (what that gives: bench/simulation/harder.py).
    """
    spans = [step * GRID for step in range(round((longest + 2.5) / GRID))]
    lengths = range(shortest, longest + 1)
    bands = [
        inverted_band(right, {s: _right_counts(s, lengths, slope, lapses) for s in spans})
        for slope, lapses in (
            (steepness * FLATTER, 0.0),
            (steepness, LAPSES),
            (steepness, 0.0),
        )
    ]
    most = longest + 0.5
    return min(min(low, most) for low, _ in bands), min(max(high for _, high in bands), most)


def _right_counts(
    span: float, lengths: range, steepness: float, lapses: float = 0.0
) -> list[float]:
    """Probability of 0, 1, ... right trials for a person of this span, given the stop rule."""
    going = {0: 1.0}
    ended: dict[int, float] = defaultdict(float)
    for length in lengths:
        p = (1 - lapses) * success(span, length, steepness)
        onward: dict[int, float] = defaultdict(float)
        for right, probability in going.items():
            ended[right] += probability * (1 - p) ** 2
            onward[right + 1] += probability * 2 * p * (1 - p)
            onward[right + 2] += probability * p * p
        going = onward
    for right, probability in going.items():
        ended[right] += probability
    return [ended.get(right, 0.0) for right in range(TRIALS_PER_LENGTH * len(lengths) + 1)]
