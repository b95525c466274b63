"""Which states and transitions the runs have seen, which faults struck, and which never did."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.hazards import CUSTOMER_ACTS, EVERY_TROUBLE
from simulation.late_lives import EVERY_KIND
from simulation.lives import MAILBOXES
from simulation.plan import Plan
from simulation.product import rows
from simulation.transitions import OUT_OF_REACH, can_happen, possible


@dataclass
class Coverage:
    """What was seen, counted. A change of state counts once it is committed.

    ``faults``: what struck. ``planned``: what plans held: kinds of people, mailboxes, tempers,
    acts and faults.
    """

    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)

    def saw(self, noun: str, before: str, after: str) -> None:
        """Count a change of state; ``before`` is empty for what is new."""
        self.states[noun, after] += 1
        if before:
            self.moves[noun, before, after] += 1

    def read(self) -> None:
        """Count the activities in the database."""
        self.decisions = Counter(rows.decisions())

    def add(self, other: "Coverage") -> None:
        """Add what another run has seen."""
        self.states += other.states
        self.moves += other.moves
        self.decisions += other.decisions
        self.faults += other.faults
        self.planned += other.planned

    def strange(self) -> list[str]:
        """Transitions that happened though they cannot."""
        return [f"{n} went from {a} to {b}" for n, a, b in self.moves if not can_happen((n, a, b))]

    def never(self) -> Iterator[str]:
        """States, transitions, faults and acts that no run has seen."""
        for noun, states in rows.all_states().items():
            yield from (f"{noun} {state}" for state in states if not self.states[noun, state])
        for one in possible():
            if not self.moves[one] and one not in OUT_OF_REACH:
                yield f"{one[0]} {one[1]} → {one[2]}"
        mailboxes = [
            f"mailbox {kind}" for kind in ("bounces", "returns", *sorted(set(MAILBOXES) - {""}))
        ]
        people = [f"person {kind}" for kind in EVERY_KIND]
        for name in (*sorted({*EVERY_TROUBLE, *CUSTOMER_ACTS}), *mailboxes, *people):
            if not self.planned[name]:
                yield name


def planned(plan: Plan) -> Counter[str]:
    """What a plan holds, by the names that ``Coverage.planned`` counts."""
    found: Counter[str] = Counter(one.what for one in plan.troubles)
    found.update(step.act for step in plan.steps)
    for person in plan.people:
        found[f"person {person.kind}"] += 1
        found[f"mailbox {person.mailbox}"] += 1
        found[f"temper {person.temper}"] += 1
    return found
