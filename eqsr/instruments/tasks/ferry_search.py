"""Searching for ferry puzzles of a given difficulty, for authors of a bank.

Random rules are changed one by one, keeping changes that come closer, until ferry_analysis.analyse
proves exactly one shortest solution of the wanted length.
"""

import random
from itertools import combinations, permutations

from eqsr.instruments.tasks.ferry_analysis import Analysis, analyse
from eqsr.instruments.tasks.ferry_puzzle import RULE_KINDS, Puzzle

NAMES = "abcdef"
MAX_RULES = 6
MAX_STEPS = 60


def find(
    rng: random.Random, goods: int, seats: int, crossings: int, detours: int, tries: int = 100
) -> Puzzle | None:
    """Find a puzzle with one shortest solution of this length and detours; None if not found."""
    for _ in range(tries):
        puzzle = Puzzle(tuple(NAMES[:goods]), seats)
        distance = _distance(analyse(puzzle), crossings, detours)
        for _ in range(MAX_STEPS):
            changed = _change(rng, puzzle)
            if changed is None:
                continue
            found = _distance(analyse(changed), crossings, detours)
            if found <= distance:
                puzzle, distance = changed, found
            if distance == 0:
                return _without_idle_rules(puzzle)
    return None


def _distance(found: Analysis, crossings: int, detours: int) -> float:
    if found.crossings is None:
        return 100
    return (
        2 * abs(found.crossings - crossings)
        + abs(found.detours - detours)
        + min(found.solutions - 1, 8) / 4
    )


def _change(rng: random.Random, puzzle: Puzzle) -> Puzzle | None:
    kind = rng.choice(RULE_KINDS if puzzle.seats > 1 else ("apart", "after"))
    every = list((permutations if kind == "after" else combinations)(puzzle.goods, 2))
    rules = {name: list(getattr(puzzle, name)) for name in RULE_KINDS}
    pair = rng.choice(every)
    if pair in rules[kind]:
        rules[kind].remove(pair)
    else:
        rules[kind].append(pair)
    if sum(map(len, rules.values())) > MAX_RULES:
        return None
    return Puzzle(puzzle.goods, puzzle.seats, **{k: tuple(sorted(v)) for k, v in rules.items()})


def _without_idle_rules(puzzle: Puzzle) -> Puzzle:
    """The puzzle without the rules that do not change its shortest solutions."""
    wanted = analyse(puzzle)
    for kind in RULE_KINDS:
        for pair in getattr(puzzle, kind):
            rules = {name: getattr(puzzle, name) for name in RULE_KINDS}
            rules[kind] = tuple(other for other in rules[kind] if other != pair)
            fewer = Puzzle(puzzle.goods, puzzle.seats, **rules)
            found = analyse(fewer)
            if (found.crossings, found.solutions) == (wanted.crossings, wanted.solutions):
                return _without_idle_rules(fewer)
    return puzzle
