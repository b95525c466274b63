"""Rates per group and what they tell: pure functions over counts, never over persons.

Selection rate, impact ratio: 29 CFR 1607.4(D) (the four-fifths rule) and NYC Local Law 144.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from eqsr.extras.fairness.fisher import fisher_exact

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
class GroupRow:
    """A group's figures. Of a ``hidden`` group, which is small or empty, nothing is told.

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
        """Whether the ratio is below four fifths."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS


def table(counts: Mapping[Group, Count]) -> list[GroupRow]:
    """A row per group, in the order given, compared with the group that has the highest rate.

    Nothing in it depends on groups smaller than SMALLEST, so nothing about them can be worked out:
    their people are as unknown as those who did not say. The group that others are compared with
    is looked for among those with at least 2 in 100 of the people.
    """
    shown = {group: count for group, count in counts.items() if count.people >= SMALLEST}
    total = sum(count.people for count in shown.values())
    large = [count for count in shown.values() if count.people >= SHARE * total]
    best = max(large, key=lambda count: (count.hits / count.people, count.people), default=None)
    return [
        _row(group, shown[group], best, total) if group in shown else GroupRow(group, hidden=True)
        for group in counts
    ]


def above_median(scores: Sequence[float]) -> list[bool]:
    """For each score, whether it is above the median of all (Local Law 144: scoring rate)."""
    middle = median(scores) if scores else 0.0
    return [score > middle for score in scores]


def selected(status: str, invited_at_status: str | None) -> bool | None:
    """Return whether somebody was selected, by the latest status that SmartRecruiters gave.

    True: further than where they were invited, or offered or hired. False: rejected. None: not
    decided yet, or the candidate withdrew.
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


def _row(group: Group, count: Count, best: Count | None, total: int) -> GroupRow:
    rate = count.hits / count.people
    row = GroupRow(
        group,
        people=count.people,
        hits=count.hits,
        rate=rate,
        small=count.people < SMALL,
        below_share=count.people < SHARE * total,
    )
    if best is None or not best.hits:
        return row
    p = fisher_exact(count.hits, count.people - count.hits, best.hits, best.people - best.hits)
    return replace(row, ratio=rate / (best.hits / best.people), p=None if count is best else p)
