"""Switching: sort cards by a rule that keeps changing. Throughput and accuracy, no switch cost.

The difference between switching and repeating is left out on purpose: such costs retest poorly
(Paap & Sawi 2016), while throughput as a whole does not have that weakness.

Parameters: ``rounds`` and ``per_round`` trials; ``longest_run`` of one rule; ``limit_ms``.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from eqsr.instruments.tasks import pace
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome, chance

SORTING_RULES = {"shape": ("round", "square"), "fill": ("full", "empty")}
"""What each rule sorts by; the first value belongs to the left button, the second to the right."""
SIDES = ("left", "right")
LIMITS = (pace.CHANCE_LIMIT, pace.SAME_LIMIT)


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Rules change after one to ``longest_run`` cards; all four cards come equally often."""
    rng = chance(seed)
    trials: list[Trial] = []
    for number_of_round in range(1, parameters["rounds"] + 1):
        rules = _rules(rng, parameters["per_round"], parameters["longest_run"])
        cards = [
            {"shape": shape, "fill": fill}
            for shape in SORTING_RULES["shape"]
            for fill in SORTING_RULES["fill"]
        ] * (parameters["per_round"] // 4)
        rng.shuffle(cards)
        for rule, card in zip(rules, cards, strict=True):
            trials.append(
                Trial(
                    number=len(trials) + 1,
                    round=number_of_round,
                    show={"rule": rule, "card": card},
                    key={"answer": SIDES[SORTING_RULES[rule].index(card[rule])]},
                    limit_ms=parameters["limit_ms"],
                )
            )
    return trials


def _rules(rng: Random, length: int, longest_run: int) -> list[str]:
    names = list(SORTING_RULES)
    rng.shuffle(names)
    rules: list[str] = []
    while len(rules) < length:
        rules += [names[0]] * rng.randint(1, longest_run)
        names.reverse()
    return rules[:length]


def well_formed(trial: Trial, response: Any) -> bool:
    """``left`` or ``right``; None when time was up."""
    return response is None or response in SIDES


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """Right answers per minute, and per cent right."""
    return [
        pace.throughput("throughput", trials, outcomes),
        pace.accuracy("accuracy", trials, outcomes),
    ]


check = pace.check_choice
fastest_ms = pace.fastest_ms
signs = pace.two_choice_signs


def prove(trials: Sequence[Trial]) -> list[str]:
    """What is wrong with generated trials: a key that does not follow from rule and card."""
    problems = []
    for trial in trials:
        rule, card = trial.show["rule"], trial.show["card"]
        first = card[rule] == SORTING_RULES[rule][0]
        if trial.key["answer"] != ("left" if first else "right"):
            problems.append(f"trial {trial.number}: the key does not follow from the rule")
        if rule not in SORTING_RULES or card[rule] not in SORTING_RULES[rule]:
            problems.append(f"trial {trial.number}: unknown rule or card")
    return problems
