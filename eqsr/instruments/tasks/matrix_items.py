"""Making matrix items: the pattern, its rules and the options."""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from eqsr.instruments.tasks.matrix_rules import ATTRIBUTES, Attribute, Values, conclusions
from eqsr.instruments.tasks.trial import Trial, chance

OPTIONS = 8
FITS = {
    "constant": ("shape", "count", "fill", "size", "frame"),
    "progression": ("count", "fill", "size"),
    "three": ("shape", "count", "fill", "size", "frame"),
    "sum": ("count",),
}
"""Rule -> the attributes to which it can apply."""

Grid = list[list[int]]


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """One item per level, in the given order."""
    rng = chance(seed)
    trials = []
    for number, level in enumerate(parameters["levels"], start=1):
        grids, rules = _grids(rng, level["rules"])
        cells = [
            {name: grid[row][column] for name, grid in grids.items()}
            for row, column in product(range(3), range(3))
        ]
        options = _options(rng, grids, rules, cells[-1])
        trials.append(
            Trial(
                number=number,
                round=(number - 1) // parameters["per_round"] + 1,
                show={"cells": cells[:-1], "options": options},
                key={
                    "answer": options.index(cells[-1]),
                    "rules": rules,
                    "difficulty": level["difficulty"],
                    "slope": parameters["slope"],
                },
                limit_ms=parameters["limit_ms"],
            )
        )
    return trials


def _grids(rng: Random, rules: Sequence[str]) -> tuple[dict[str, Grid], dict[str, str]]:
    """Attribute -> grid of values, drawn until the eight cells allow one conclusion; and rules."""
    while True:
        given = _assign(rng, rules)
        grids = {
            name: _grid(rng, attribute, given.get(name)) for name, attribute in ATTRIBUTES.items()
        }
        if all(
            len(conclusions(ATTRIBUTES[name], _open(grid))) == 1 for name, grid in grids.items()
        ):
            return grids, given


def _assign(rng: Random, rules: Sequence[str]) -> dict[str, str]:
    """Attribute -> rule. Rules that fit the fewest attributes are assigned first."""
    given: dict[str, str] = {}
    for rule in sorted(rules, key=lambda rule: (len(FITS[rule]), rule)):
        given[rng.choice([name for name in FITS[rule] if name not in given])] = rule
    return given


def _grid(rng: Random, attribute: Attribute, rule: str | None) -> Grid:
    values = attribute.values
    if rule is None:
        return [[rng.choice(values)] * 3] * 3
    if rule == "constant":
        return [[value] * 3 for value in rng.sample(values, 3)]
    if rule == "progression":
        step = rng.choice((-1, 1))
        starts = [value for value in values if value + 2 * step in values]
        return [[start + step * place for place in range(3)] for start in rng.choices(starts, k=3)]
    if rule == "three":
        first = rng.sample(values, 3)
        turned = [first[shift:] + first[:shift] for shift in (1, 2)]
        return [first, *rng.sample(turned, 2)]
    pairs = [(a, b) for a in values for b in values if a + b in values]
    return [[a, b, a + b] for a, b in rng.sample(pairs, 3)]


def _open(grid: Grid) -> Values:
    return [grid[0], grid[1], [*grid[2][:2], None]]


def _options(
    rng: Random, grids: Mapping[str, Grid], rules: Mapping[str, str], answer: dict[str, int]
) -> list[dict[str, int]]:
    """The options: right or wrong in each of three attributes, those with a rule first."""
    idle = [name for name in ATTRIBUTES if name not in rules]
    chosen = (rng.sample(list(rules), len(rules)) + rng.sample(idle, len(idle)))[:3]
    wrong = {name: _wrong(rng, ATTRIBUTES[name], grids[name], answer[name]) for name in chosen}
    options = [
        answer | {name: wrong[name] for name, off in zip(chosen, ways, strict=True) if off}
        for ways in product((False, True), repeat=3)
    ]
    return rng.sample(options, OPTIONS)


def _wrong(rng: Random, attribute: Attribute, grid: Grid, right: int) -> int:
    """A wrong value, preferably one that occurs in the matrix, which is more tempting."""
    seen = sorted({value for row in grid for value in row} - {right})
    return rng.choice(seen or [value for value in attribute.values if value != right])
