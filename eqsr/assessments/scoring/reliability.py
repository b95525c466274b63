"""How consistently a scale measures."""

from collections.abc import Sequence
from statistics import variance


def alpha(rows: Sequence[Sequence[float]]) -> float:
    """Coefficient alpha of a scale: k/(k-1) (1 - sum of item variances / variance of the sums).

    ``rows`` are people, each with the keyed values of the same k items (Cronbach 1951).
    Raises ValueError with fewer than two people or items, ragged rows, or no variance at all.
    """
    if len(rows) < 2 or len(rows[0]) < 2 or len({len(row) for row in rows}) != 1:
        raise ValueError("alpha needs at least two people and two items, the same for everybody")
    k = len(rows[0])
    total = variance([sum(row) for row in rows])
    if total == 0:
        raise ValueError("alpha is undefined when everybody has the same sum")
    return k / (k - 1) * (1 - sum(variance(column) for column in zip(*rows, strict=True)) / total)


def spearman_brown(reliability: float, factor: float) -> float:
    """Reliability of a scale made ``factor`` times as long: k r / (1 + (k - 1) r).

    Spearman 1910, Brown 1910. A factor below 1 shortens it.
    """
    return factor * reliability / (1 + (factor - 1) * reliability)
