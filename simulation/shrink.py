"""Makes a failing plan smaller, as long as it breaks the same rule."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simulation.plan import Plan
from simulation.play import Outcome

Attempt = Callable[[Plan], Outcome]


def shrink(plan: Plan, rule: str, attempt: Attempt, tries: int = 60) -> tuple[Plan, Outcome]:
    """The smallest plan found with this many tries that still breaks the rule.

    First people are left out with all their steps, then faults, then single steps, then machines.
    Raises ValueError if the plan does not break the rule.
    """
    outcome = attempt(plan)
    if not _breaks(outcome, rule):
        raise ValueError(f"this plan does not break the rule {rule!r}")
    left = tries
    for halve in (_people, _troubles, _steps):
        plan, outcome, left = _reduce(plan, outcome, rule, attempt, halve, left)
    for simpler in ({"workers": 1}, {"webs": 1}, {"skews": (0.0, 0.0, 0.0)}, {"start": 0.0}):
        if left <= 0:
            break
        smaller = replace(plan, **simpler)  # type: ignore[arg-type]
        if smaller != plan:
            tried = attempt(smaller)
            left -= 1
            if _breaks(tried, rule):
                plan, outcome = smaller, tried
    return plan, outcome


def _breaks(outcome: Outcome, rule: str) -> bool:
    return any(found.rule == rule for found in outcome.findings)


def _reduce(
    plan: Plan, outcome: Outcome, rule: str, attempt: Attempt,
    parts: Callable[[Plan, list[Any] | None], Any], left: int,
) -> tuple[Plan, Outcome, int]:  # fmt: skip
    """Delta debugging: leave out ever smaller parts, as long as the rule stays broken."""
    items = parts(plan, None)
    size = max(1, len(items) // 2)
    while items and left > 0:
        at, removed = 0, False
        while at < len(items) and left > 0:
            kept = items[:at] + items[at + size :]
            smaller = parts(plan, kept)
            tried = attempt(smaller)
            left -= 1
            if _breaks(tried, rule):
                plan, outcome, items, removed = smaller, tried, kept, True
            else:
                at += size
        if size == 1 and not removed:
            break
        size = max(1, size // 2)
        if size == 1 and len(items) > left:
            break
    return plan, outcome, left


def _people(plan: Plan, kept: list[Any] | None) -> Any:
    if kept is None:
        return list(plan.people)
    numbers = {one.number for one in kept} | {-1}
    steps = tuple(step for step in plan.steps if step.person in numbers)
    return replace(plan, people=tuple(kept), steps=steps)


def _troubles(plan: Plan, kept: list[Any] | None) -> Any:
    return list(plan.troubles) if kept is None else replace(plan, troubles=tuple(kept))


def _steps(plan: Plan, kept: list[Any] | None) -> Any:
    return list(plan.steps) if kept is None else replace(plan, steps=tuple(kept))
