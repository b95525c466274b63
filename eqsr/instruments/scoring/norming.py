"""From raw scores to standard scores."""

import math
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


def band_word(sten: int) -> str:
    """``low`` for stens 1-3, ``mid`` for 4-7, ``high`` for 8-10."""
    return "low" if sten <= 3 else "mid" if sten <= 7 else "high"
