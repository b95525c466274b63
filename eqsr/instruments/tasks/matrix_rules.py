"""The grammar of matrix items: attributes, rules along rows, and conclusions from eight cells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Values = Sequence[Sequence[int | None]]
"""Three rows of three values of one attribute; None is the cell to find."""
Lines = Sequence[Sequence[int]]
"""Three rows or columns of one attribute without the cell to find: the last has two values."""


@dataclass(frozen=True)
class Attribute:
    """An attribute of a figure and its values; ``ordered``: more and less are visible."""

    name: str
    values: tuple[int, ...]
    ordered: bool


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute("shape", (0, 1, 2, 3, 4), ordered=False),
        Attribute("count", (1, 2, 3, 4), ordered=True),
        Attribute("fill", (0, 1, 2, 3), ordered=True),
        Attribute("size", (0, 1, 2), ordered=True),
        Attribute("frame", (0, 1, 2), ordered=False),
    )
}


def _constant(rows: Lines) -> int | None:
    if any(len(set(row)) != 1 for row in rows[:2]) or rows[2][0] != rows[2][1]:
        return None
    return rows[2][0]


def _progression(step: int) -> Callable[[Lines], int | None]:
    def follows(rows: Lines) -> int | None:
        pairs = [(row[0], row[1]) for row in rows] + [(row[1], row[2]) for row in rows[:2]]
        if any(b - a != step for a, b in pairs):
            return None
        return rows[2][1] + step

    return follows


def _three(rows: Lines) -> int | None:
    """Each row has the same three values, in any order."""
    values, left = set(rows[0]), set(rows[0]) - set(rows[2][:2])
    if len(values) != 3 or set(rows[1]) != values or len(left) != 1:
        return None
    return left.pop()


def _sum(rows: Lines) -> int | None:
    if any(row[0] + row[1] != row[2] for row in rows[:2]):
        return None
    return rows[2][0] + rows[2][1]


def _difference(rows: Lines) -> int | None:
    if any(row[0] - row[1] != row[2] for row in rows[:2]):
        return None
    return rows[2][0] - rows[2][1]


ANY_RULES = (_constant, _three)
ORDERED_RULES = tuple(_progression(step) for step in (-2, -1, 1, 2))
COUNT_RULES = (_sum, _difference)


def conclusions(attribute: Attribute, rows: Values) -> set[int]:
    """Every value of the last cell that follows from some rule of the grammar.

    Rules are tried along rows and columns, as people look in both directions. An item is fair only
    if there is exactly one conclusion for each attribute.
    """
    rules: list[Callable[[Lines], int | None]] = [*ANY_RULES]
    if attribute.ordered:
        rules += ORDERED_RULES
    if attribute.name == "count":
        rules += COUNT_RULES
    ways = (_given(rows), _given(zip(*rows, strict=True)))
    found = {rule(lines) for rule in rules for lines in ways}
    return {value for value in found if value is not None and value in attribute.values}


def _given(rows: Iterable[Sequence[int | None]]) -> Lines:
    return [[value for value in row if value is not None] for row in rows]
