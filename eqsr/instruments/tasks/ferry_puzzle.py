"""The ferry puzzle: its rules, the allowed crossings, and a search for the shortest solutions.

All goods start on the near bank. The ferry carries at most ``seats`` of them, and the player steers
it. Rules say which goods may not be left together on a bank without the ferry, which may not share
the ferry, and which may leave the near bank only if another one is on the far bank. The puzzle is
solved when all goods are on the far bank. The rules are our own, like those of old river-crossing
riddles.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

State = tuple[int, bool]
"""Goods on the near bank (a bit for each), and whether the ferry is on that bank."""
Pairs = tuple[tuple[str, str], ...]
RULE_KINDS = ("apart", "not_aboard", "after")


@dataclass(frozen=True)
class Puzzle:
    """Goods, seats and rules.

    ``apart``: pairs that may not be left together. ``not_aboard``: pairs that may not share the
    ferry. ``after``: pairs (later, earlier); ``later`` may leave the near bank only while
    ``earlier`` is on the far one.
    """

    goods: tuple[str, ...]
    seats: int
    apart: Pairs = ()
    not_aboard: Pairs = ()
    after: Pairs = ()

    @property
    def start(self) -> State:
        """All goods and the ferry on the near bank."""
        return (1 << len(self.goods)) - 1, True

    @property
    def end(self) -> State:
        """All goods and the ferry on the far bank."""
        return 0, False

    def bits(self, goods: Iterable[str]) -> int:
        """The goods as bits. Raises ValueError for goods that the puzzle does not have."""
        return sum(1 << self.goods.index(one) for one in set(goods))

    def names(self, bits: int) -> tuple[str, ...]:
        """The goods that ``bits`` stand for, in the puzzle's order."""
        return tuple(one for place, one in enumerate(self.goods) if bits >> place & 1)

    @cached_property
    def rules(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """The three kinds of rules as bits."""
        return (
            tuple(self.bits(pair) for pair in self.apart),
            tuple(self.bits(pair) for pair in self.not_aboard),
            tuple((self.bits([later]), self.bits([earlier])) for later, earlier in self.after),
        )

    @cached_property
    def loads(self) -> tuple[int, ...]:
        """Every load that fits the ferry and may share it; the empty load is first."""
        every = range(1 << len(self.goods))
        return tuple(
            load
            for load in every
            if load.bit_count() <= self.seats
            and not any(load & pair == pair for pair in self.rules[1])
        )

    def to_dict(self) -> dict[str, Any]:
        """The puzzle as a dict ready for JSON, with which the browser applies the rules."""
        rules = {name: [list(pair) for pair in getattr(self, name)] for name in RULE_KINDS}
        return {"goods": list(self.goods), "seats": self.seats, **rules}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Puzzle":
        """The puzzle from what ``to_dict`` returned."""
        rules = {name: tuple((a, b) for a, b in stored[name]) for name in RULE_KINDS}
        return cls(tuple(stored["goods"]), stored["seats"], **rules)


def cross(puzzle: Puzzle, state: State, load: int) -> State | None:
    """The state after taking the load across; None if a rule forbids it."""
    near, ferry_near = state
    here = near if ferry_near else puzzle.start[0] & ~near
    apart, _, after = puzzle.rules
    if load & ~here or load not in puzzle.loads:
        return None
    left = here & ~load
    if any(left & pair == pair for pair in apart):
        return None
    if ferry_near and any(load & later and near & earlier for later, earlier in after):
        return None
    return (near & ~load if ferry_near else near | load), not ferry_near


def crossings(puzzle: Puzzle, state: State) -> Iterator[tuple[int, State]]:
    """Every allowed crossing from a state: (load, state afterwards)."""
    for load in puzzle.loads:
        after = cross(puzzle, state, load)
        if after is not None:
            yield load, after
