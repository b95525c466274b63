"""Makes a failing plan smaller, as long as it breaks the same rule, within a bound of time."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from simulation.oracle.judge import Finding
from simulation.plan import Person, Plan, Step, Trouble
from simulation.play import Outcome

Attempt = Callable[[Plan], Outcome]
Item = TypeVar("Item", Person, Step, Trouble)
# Seconds of the run that are left after its last step and fault.
MARGIN = 60.0
# Simplest last: each is tried once.
MACHINES: tuple[dict[str, object], ...] = (
    {"skews": (0.0, 0.0, 0.0)},
    {"workers": 1},
    {"webs": 1},
    {"start": 0.0},
)


@dataclass
class Limits:
    """How long shrinking may take, and whom to tell of each smaller plan.

    An attempt that is under way when the time is over is played to its end.
    """

    seconds: float = 150.0
    tries: int = 200
    tell: Callable[[str], None] = lambda sentence: None
    clock: Callable[[], float] = time.monotonic


def shrink(
    plan: Plan, rule: str, attempt: Attempt, limits: Limits | None = None
) -> tuple[Plan, Outcome]:
    """The smallest plan found in time that still breaks the rule, and what came of it.

    First all but those of whom the finding tells are left out, then faults, customers' acts,
    people, single steps, the time at the end, and machines. Raises ValueError if the plan does not
    break the rule.
    """
    search = _Search(plan, rule, attempt, limits or Limits())
    search.guess()
    search.reduce(lambda plan: plan.troubles, _with_troubles)
    search.reduce(lambda plan: [one for one in plan.steps if one.person < 0], _with_acts)
    search.reduce(lambda plan: plan.people, _with_people)
    search.reduce(lambda plan: plan.steps, lambda plan, kept: replace(plan, steps=tuple(kept)))
    search.shorten()
    for simpler in MACHINES:
        search.take(replace(search.plan, **simpler))  # type: ignore[arg-type]
    return search.plan, search.outcome


class _Search:
    """``plan`` is the smallest that broke the rule so far, ``outcome`` what came of it."""

    def __init__(self, plan: Plan, rule: str, attempt: Attempt, limits: Limits) -> None:
        self._rule, self._attempt, self._limits = rule, attempt, limits
        self._began = limits.clock()
        self._tries = 0
        self.plan, self.outcome = plan, attempt(plan)
        if not self._breaks(self.outcome):
            raise ValueError(f"this plan does not break the rule {rule!r}")

    def take(self, plan: Plan) -> bool:
        """Play a smaller plan, and go on with it if it breaks the rule too."""
        if plan == self.plan or self.over:
            return False
        self._tries += 1
        outcome = self._attempt(plan)
        if not self._breaks(outcome):
            return False
        self.plan, self.outcome = plan, outcome
        seconds = self._limits.clock() - self._began
        self._limits.tell(f"{size_of(plan)} after {self._tries} tries and {seconds:.0f} s")
        return True

    @property
    def over(self) -> bool:
        """Whether the time or the tries are used up."""
        late = self._limits.clock() - self._began >= self._limits.seconds
        return late or self._tries >= self._limits.tries

    def guess(self) -> None:
        """Keep only those of whom the finding tells, and try without any fault as well."""
        named = [one for one in self.plan.people if self._tells_of(one)]
        if named and self.take(_with_people(self.plan, named)):
            self.shorten()
        self.take(_with_acts(replace(self.plan, troubles=()), ()))
        self.take(replace(self.plan, troubles=()))

    def reduce(
        self,
        items_of: Callable[[Plan], Iterable[Item]],
        keep: Callable[[Plan, Sequence[Item]], Plan],
    ) -> None:
        """Delta debugging (Zeller, 2002): leave out halves, then quarters, down to single items."""
        items = list(items_of(self.plan))
        size = len(items)
        while size and items and not self.over:
            at = 0
            while at < len(items) and not self.over:
                kept = items[:at] + items[at + size :]
                if self.take(keep(self.plan, kept)):
                    items = kept
                else:
                    at += size
            size = min(size // 2, len(items))

    def shorten(self) -> None:
        """End the run soon after its last step and fault: then all further tries are quicker."""
        ends = [step.at for step in self.plan.steps]
        ends += [trouble.at + trouble.lasts for trouble in self.plan.troubles]
        length = min(self.plan.length, max(ends, default=0.0) + MARGIN)
        self.take(replace(self.plan, length=length))

    def _breaks(self, outcome: Outcome) -> bool:
        return any(found.rule == self._rule for found in outcome.findings)

    def _tells_of(self, person: Person) -> bool:
        found = next(one for one in self.outcome.findings if one.rule == self._rule)
        return concerns(found, person)


def concerns(found: Finding, person: Person) -> bool:
    """Whether a finding is about this person."""
    words = found.sentence.replace("'s ", " ").replace(",", " ").split()
    return person.name in words or bool(person.email and person.email in found.needles)


def size_of(plan: Plan) -> str:
    """How much there is in a plan, in words."""
    people = "1 person" if len(plan.people) == 1 else f"{len(plan.people)} people"
    steps = "1 step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"
    faults = "1 fault" if len(plan.troubles) == 1 else f"{len(plan.troubles)} faults"
    return f"{people}, {steps} and {faults} in {plan.length / 60:.0f} minutes"


def _with_people(plan: Plan, kept: Sequence[Person]) -> Plan:
    numbers = {one.number for one in kept} | {-1}
    steps = tuple(step for step in plan.steps if step.person in numbers)
    return replace(plan, people=tuple(kept), steps=steps)


def _with_troubles(plan: Plan, kept: Sequence[Trouble]) -> Plan:
    return replace(plan, troubles=tuple(kept))


def _with_acts(plan: Plan, kept: Sequence[Step]) -> Plan:
    """Only these acts of customers, and everything that people do."""
    return replace(plan, steps=tuple(one for one in plan.steps if one.person >= 0 or one in kept))
