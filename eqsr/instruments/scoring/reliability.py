"""Reliability: how consistently a scale measures."""

from collections.abc import Iterable, Sequence
from statistics import correlation, variance


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
    columns: Iterable[tuple[float, ...]] = zip(*rows, strict=True)
    return k / (k - 1) * (1 - sum(variance(column) for column in columns) / total)


def spearman_brown(reliability: float, factor: float) -> float:
    """Reliability of a scale lengthened ``factor`` (k) times: k r / (1 + (k - 1) r).

    Spearman 1910, Brown 1910. A factor below 1 shortens it.
    """
    return factor * reliability / (1 + (factor - 1) * reliability)


def split_half(halves: Sequence[tuple[float, float]]) -> float:
    """Reliability of a score from the two half scores of many people.

    The correlation of the halves, corrected to full length by Spearman-Brown. ``halves``: one pair
    per person. Raises statistics.StatisticsError with fewer than two people or without variance.
    """
    first, second = zip(*halves, strict=True)
    return spearman_brown(correlation(first, second), 2)


def item_statistics(rows: Sequence[Sequence[int]]) -> list[tuple[float, float | None]]:
    """Per item: share right, and its correlation with the number right on all other items.

    ``rows`` are people, each with 0 or 1 for the same items. The correlation is None if everyone
    or no one was right, or the numbers right on the other items are all equal.
    """
    statistics = []
    for item in range(len(rows[0])):
        answers = [row[item] for row in rows]
        rests = [sum(row) - row[item] for row in rows]
        varied = len(set(answers)) > 1 and len(set(rests)) > 1
        statistics.append(
            (sum(answers) / len(answers), correlation(answers, rests) if varied else None)
        )
    return statistics
