"""Rates per group and what they tell: pure functions over counts, never over persons.

Selection rate, impact ratio: 29 CFR 1607.4(D) (the four-fifths rule) and NYC Local Law 144.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

SMALLEST = 5
"""Smaller groups are not shown, so that no figure is about one person. Our own judgement."""
SMALL = 30
"""With fewer, chance alone moves a rate far. Our own judgement, as most texts'."""
SHARE = 0.02
"""Smaller groups need not be compared (NYC rules, 5-301; 29 CFR 1607.4(A))."""
FOUR_FIFTHS = 0.8

Group = tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """How many people a group has, and how many of them were selected (or scored high)."""

    people: int
    hits: int


@dataclass(frozen=True)
class Row:
    """A group's figures. Of a ``hidden`` group nothing is known.

    ``ratio``: its rate over that of the group with the highest one, and ``p``: how often chance
    alone would make a difference as large as theirs (Fisher, two-sided). Both are None where
    nothing can be compared. ``below_share``: fewer than 2 in 100 of all.
    """

    group: Group
    hidden: bool = False
    people: int | None = None
    hits: int | None = None
    rate: float | None = None
    ratio: float | None = None
    p: float | None = None
    small: bool = False
    below_share: bool = False

    @property
    def below_four_fifths(self) -> bool:
        return self.ratio is not None and self.ratio < FOUR_FIFTHS


def table(counts: Mapping[Group, Count]) -> list[Row]:
    """A row per group, in the order given, compared with the group that has the highest rate.

    That group is looked for among those that are shown and have at least 2 in 100 of the people.
    """
    not_shown = hidden({group: count.people for group, count in counts.items()})
    total = sum(count.people for count in counts.values())
    large = [
        count
        for group, count in counts.items()
        if group not in not_shown and count.people and count.people >= SHARE * total
    ]
    best = max(large, key=lambda count: (count.hits / count.people, count.people), default=None)
    return [
        Row(group, hidden=True) if group in not_shown else _row(group, count, best, total)
        for group, count in counts.items()
    ]


def hidden(people: Mapping[Group, int]) -> set[Group]:
    """Groups whose figures must not be shown: small ones, and as many more that none of these can
    be found by subtracting what is shown from a total, along any line of the table."""
    found = {group for group, number in people.items() if 0 < number < SMALLEST}
    while True:
        lonely = [line for line in _lines(people) if len(found.intersection(line)) == 1]
        more = {
            min(rest, key=lambda group: (people[group], group))
            for line in lonely
            if (rest := [group for group in line if people[group] and group not in found])
        }
        if not more:
            return found
        found |= more


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


def above_median(scores: Sequence[float]) -> list[bool]:
    """For each score, whether it is above the median of all (Local Law 144: scoring rate)."""
    middle = median(scores) if scores else 0.0
    return [score > middle for score in scores]


def selected(status: str, invited_at_status: str | None) -> bool | None:
    """Whether somebody was selected, from SmartRecruiters' status as it was read last.

    Selected: further than where they were invited, or offered or hired. Not selected: rejected.
    None: not decided yet, or withdrawn by themselves.
    """
    if status == "REJECTED":
        return False
    order = ("LEAD", "NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED")
    if status not in order:
        return None
    if status in ("OFFERED", "HIRED"):
        return True
    before = order.index(invited_at_status) if invited_at_status in order else len(order)
    return True if order.index(status) > before else None


def _row(group: Group, count: Count, best: Count | None, total: int) -> Row:
    if not count.people:
        return Row(group, people=0, hits=0)
    rate = count.hits / count.people
    facts = {
        "people": count.people,
        "hits": count.hits,
        "rate": rate,
        "small": count.people < SMALL,
        "below_share": count.people < SHARE * total,
    }
    if best is None or not best.hits:
        return Row(group, **facts)
    p = fisher_exact(count.hits, count.people - count.hits, best.hits, best.people - best.hits)
    return Row(
        group, **facts, ratio=rate / (best.hits / best.people), p=None if count is best else p
    )


def _lines(people: Iterable[Group]) -> list[list[Group]]:
    """All groups that add up to something that is known: everybody, and each category of each."""
    groups = list(people)
    if not groups or len(groups[0]) == 1:
        return [groups]
    values = {(axis, group[axis]) for group in groups for axis in range(len(group))}
    return [[g for g in groups if g[axis] == value] for axis, value in sorted(values)]


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
