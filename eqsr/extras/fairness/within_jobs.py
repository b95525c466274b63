"""A group against everybody else of the same jobs, all jobs taken together.

Jobs differ in how many people they take and in who applies. Counting all jobs as one may show a
difference where no job has one, or hide the one that every job has (Simpson 1951).
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eqsr.extras.fairness.exact_test import Table, exact_p

Z = 1.959963984540054
"""97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Count:
    """How many people a group has, and how many of them were selected (or scored high)."""

    people: int
    hits: int


ByJob = Mapping[Hashable, Count]


@dataclass(frozen=True)
class Compared:
    """A group's rate over that of others in the same jobs, its 95 % interval, and exact p.

    ``ratio`` is None if none of the others was selected, ``low`` and ``high`` also if nobody of the
    group was.
    """

    ratio: float | None
    low: float | None
    high: float | None
    p: float


def total(by_job: ByJob) -> Count:
    """The group's people and hits in all jobs."""
    return Count(
        sum(count.people for count in by_job.values()), sum(count.hits for count in by_job.values())
    )


def compared(group: ByJob, others: Iterable[ByJob]) -> Compared:
    """Compare a group with all ``others`` within each job."""
    tables = _tables(group, list(others))
    ratio, low, high = risk_ratio(tables)
    return Compared(ratio, low, high, exact_p(tables))


def risk_ratio(
    tables: Sequence[Table],
) -> tuple[float | None, float | None, float | None]:
    """Mantel-Haenszel's ratio of rates, and its 95 % interval on the log scale.

    The variance is that of Greenland & Robins (1985, Biometrics 41, 55-68). With one table the
    ratio is the plain one.
    """
    ours = theirs = spread = 0.0
    for a, b, c, d in tables:
        n = a + b + c + d
        ours += a * (c + d) / n
        theirs += c * (a + b) / n
        spread += ((a + b) * (c + d) * (a + c) - a * c * n) / n**2
    if not theirs:
        return None, None, None
    if not ours:
        return 0.0, None, None
    factor = math.exp(Z * math.sqrt(spread / (ours * theirs)))
    ratio = ours / theirs
    return ratio, ratio / factor, ratio * factor


def _tables(group: ByJob, others: Sequence[ByJob]) -> list[Table]:
    """One table per job in which the group and others have people."""
    tables = []
    for job, count in group.items():
        rest = [other[job] for other in others if job in other]
        people, hits = sum(one.people for one in rest), sum(one.hits for one in rest)
        if count.people and people:
            tables.append((count.hits, count.people - count.hits, hits, people - hits))
    return tables
