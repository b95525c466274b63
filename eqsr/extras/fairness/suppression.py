"""Which groups may be shown, so that no figure tells of a few people: complementary suppression."""

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

from eqsr.extras.fairness.rates import SMALLEST, Group
from eqsr.extras.fairness.within_jobs import Count


def safe_cells(cells: Mapping[Group, Count], margins: Mapping[Group, Count]) -> dict[Group, Count]:
    """The groups of two categories that may be shown beside those of one, ``margins``.

    As long as subtracting would tell of fewer than SMALLEST people, another group is left out, the
    smallest that stands in a row or column with them (complementary suppression).
    """
    shown = {group: count for group, count in cells.items() if count.people >= SMALLEST}
    told = [category for (category,), margin in margins.items() if margin.people >= SMALLEST]
    while shown:
        hidden = {
            group: count.people
            for group, count in cells.items()
            if count.people and group not in shown
        }
        leak = _leak(hidden, told)
        if not leak:
            break
        near = [group for group in shown if any(set(group) & set(other) for other in leak)]
        del shown[min(near or shown, key=lambda group: shown[group].people)]
    return shown


def _leak(hidden: Mapping[Group, int], told: Sequence[str]) -> list[Group]:
    """Hidden groups with fewer than SMALLEST people together, whose number can be worked out.

    Take the totals of some rows, subtract those of some columns and all that is shown: left are the
    hidden groups of these rows in other columns, less those of these columns in other rows. Where
    there are only the one or only the other, their number is known.
    """
    lines = [category for category in told if any(category in group for group in hidden)]
    for some in chain.from_iterable(combinations(lines, n) for n in range(1, len(lines) + 1)):
        rows = [group for group in hidden if group[0] in some and group[1] not in some]
        columns = [group for group in hidden if group[1] in some and group[0] not in some]
        left = rows or columns
        if not (rows and columns) and 0 < sum(hidden[group] for group in left) < SMALLEST:
            return left
    return []
