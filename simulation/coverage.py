"""Which states and transitions the runs have seen, and which faults struck."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from simulation.product import rows


@dataclass
class Coverage:
    """Counts per noun: states, and transitions from one look to the next.

    A transition ``a → b`` was seen between two looks, so states in between may be missing.
    """

    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _last: dict[Any, str] = field(default_factory=dict)
    _read: int = 0

    def read(self) -> None:
        """Look at all rows now."""
        for noun, key, state in rows.states():
            before = self._last.get(key)
            if before == state:
                continue
            self._last[key] = state
            self.states[noun, state] += 1
            if before is not None:
                self.moves[noun, before, state] += 1
        self.decisions = Counter(rows.decisions())

    def add(self, other: "Coverage") -> None:
        """Add what another run has seen."""
        self.states += other.states
        self.moves += other.moves
        self.decisions += other.decisions
        self.faults += other.faults

    def never(self) -> list[str]:
        """States that no run has seen."""
        return [
            f"{noun} {state}"
            for noun, states in rows.all_states().items()
            for state in states
            if not self.states[noun, state]
        ]
