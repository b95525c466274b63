"""Fisher's exact test."""

import math


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """Two-sided p of the table ((a, b), (c, d)): how likely tables are that are no likelier than
    this one when the margins are given (Fisher 1922). Raises ValueError for negative counts."""
    if min(a, b, c, d) < 0:
        raise ValueError("counts can't be negative")
    first, second, column = a + b, c + d, a + c
    possible = range(max(0, column - second), min(first, column) + 1)
    logs = {k: _log_comb(first, k) + _log_comb(second, column - k) for k in possible}
    whole = _log_comb(first + second, column)
    # Equally likely tables differ by rounding; R's fisher.test allows the same.
    limit = logs[a] + 1e-7
    return min(1.0, math.fsum(math.exp(log - whole) for log in logs.values() if log <= limit))


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
