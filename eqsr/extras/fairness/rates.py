"""Rates per group and what they tell: pure functions over counts, never over persons.

Selection rate, impact ratio: 29 CFR 1607.4(D) (the four-fifths rule) and NYC Local Law 144.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from eqsr.extras.fairness.exact_test import holm
from eqsr.extras.fairness.within_jobs import ByJob, Count, compared, total

SMALLEST = 5
"""Smaller groups are not shown, so that no figure is about one person. Our own judgement."""
SMALL = 30
"""With fewer, chance alone moves a rate far. Our own judgement, as most texts'."""
SHARE = 0.02
"""Smaller groups need not be compared (NYC rules, 5-301; 29 CFR 1607.4(A))."""
UNLIKELY = 0.05
"""A chance below this is an unlikely explanation; the usual limit."""

Group = tuple[str, ...]


@dataclass(frozen=True)
class GroupRow:
    """A group's figures. Of a ``hidden`` group, which is small or empty, nothing is told.

    ``ratio``: its rate over that of the group with the highest one, all jobs counted as one, as
    Local Law 144 wants it. ``within_jobs``, ``low``, ``high``: its rate over that of everybody else
    shown, within jobs, and the 95 % interval. ``p``: how often chance alone would make a difference
    as large (exact, two-sided); ``chance`` is the same for all groups of the table at once (Holm).
    They are None where nothing can be compared. ``below_share``: fewer than 2 in 100 of all.
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
    within_jobs: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None

    @property
    def differs(self) -> bool:
        """Whether chance alone is an unlikely explanation of how the group differs."""
        return self.chance is not None and self.chance < UNLIKELY

    @property
    def is_lower(self) -> bool:
        """Whether its rate is lower than others', and chance an unlikely explanation."""
        return self.differs and self.within_jobs is not None and self.within_jobs < 1


def table(counts: Mapping[Group, ByJob], everybody: int) -> list[GroupRow]:
    """A row per group, in the order given, compared with everybody else in the table.

    Nothing in it depends on groups smaller than SMALLEST, so nothing about them can be worked out:
    their people are as unknown as those who did not say. Groups with fewer than 2 in 100 of
    ``everybody``, with those who did not say, are shown and not tested.
    """
    shown = {group: by for group, by in counts.items() if total(by).people >= SMALLEST}
    large = {group for group, by in shown.items() if total(by).people >= SHARE * everybody}
    best = max((total(shown[group]) for group in large), key=_rate_and_people, default=None)
    rows = [
        _row(group, shown, best, group in large) if group in shown else GroupRow(group, hidden=True)
        for group in counts
    ]
    return _adjusted(rows)


def _adjusted(rows: list[GroupRow]) -> list[GroupRow]:
    """The rows with ``chance``, which counts in how many comparisons there are."""
    ps = {row.group: row.p for row in rows if row.p is not None and not row.below_share}
    # Two groups are compared once, though each has a row.
    chances = list(ps.values()) if len(_shown(rows)) == 2 else holm(list(ps.values()))
    by_group = dict(zip(ps, chances, strict=True))
    return [replace(row, chance=by_group.get(row.group)) for row in rows]


def _shown(rows: list[GroupRow]) -> list[GroupRow]:
    return [row for row in rows if not row.hidden]


def better_half(scores: Sequence[float], better: str | None) -> list[bool]:
    """For each score, whether it is above the median of all (Local Law 144: scoring rate).

    Below it where less is ``better`` ("low"), as with the time that an answer takes.
    """
    middle = median(scores) if scores else 0.0
    return [score < middle if better == "low" else score > middle for score in scores]


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


def _rate_and_people(count: Count) -> tuple[float, int]:
    return count.hits / count.people, count.people


def _row(group: Group, shown: Mapping[Group, ByJob], best: Count | None, large: bool) -> GroupRow:
    own = total(shown[group])
    row = GroupRow(
        group,
        people=own.people,
        hits=own.hits,
        rate=own.hits / own.people,
        small=own.people < SMALL,
        below_share=not large,
    )
    if best is not None and best.hits:
        row = replace(row, ratio=own.hits / own.people / (best.hits / best.people))
    others = [by for other, by in shown.items() if other != group]
    found = compared(shown[group], others)
    if found.ratio is None:
        return row
    return replace(row, within_jobs=found.ratio, low=found.low, high=found.high, p=found.p)
