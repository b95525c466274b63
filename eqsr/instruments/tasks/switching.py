"""Switching: sort cards by a rule that keeps changing. Scored by throughput and accuracy.

Switch costs, the difference between switching and repeating, are not scored: they have a low
retest reliability (Paap & Sawi 2016), which throughput as a whole does not.

Parameters: ``rounds`` and ``per_round`` trials; ``longest_run`` of one rule; ``limit_ms``.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from eqsr.instruments.tasks import pace, two_choice
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome, chance

SORTING_RULES = {"shape": ("round", "square"), "fill": ("full", "empty")}
"""Rule -> the values it sorts by: the first for the left button, the second for the right."""
SIDES = ("left", "right")
LIMITS = (two_choice.CHANCE_LIMIT, two_choice.SAME_LIMIT)


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Make rounds in which the rule changes after 1 to ``longest_run`` cards.

    All four cards appear equally often.
    """
    rng = chance(seed)
    rounds = (_round(rng, parameters) for _ in range(parameters["rounds"]))
    return two_choice.numbered(rounds, parameters["limit_ms"])


def _round(
    rng: Random, parameters: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(show, key) of each trial of a round."""
    rules = _rules(rng, parameters["per_round"], parameters["longest_run"])
    cards = [
        {"shape": shape, "fill": fill}
        for shape in SORTING_RULES["shape"]
        for fill in SORTING_RULES["fill"]
    ] * (parameters["per_round"] // 4)
    rng.shuffle(cards)
    for rule, card in zip(rules, cards, strict=True):
        side = SIDES[SORTING_RULES[rule].index(card[rule])]
        yield {"rule": rule, "card": card}, {"answer": side}


def _rules(rng: Random, length: int, longest_run: int) -> list[str]:
    names = list(SORTING_RULES)
    rng.shuffle(names)
    rules: list[str] = []
    while len(rules) < length:
        rules += [names[0]] * rng.randint(1, longest_run)
        names.reverse()
    return rules[:length]


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is ``left`` or ``right``; or None, if the time ran out."""
    return response is None or response in SIDES


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """Right answers per minute, and per cent right."""
    return [
        pace.throughput("throughput", trials, outcomes),
        pace.accuracy("accuracy", trials, outcomes),
    ]


check = two_choice.check_choice
fastest_ms = two_choice.fastest_ms
signs = two_choice.two_choice_signs


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the trials whose key does not follow from rule and card."""
    problems = []
    for trial in trials:
        rule, card = trial.show["rule"], trial.show["card"]
        first = card[rule] == SORTING_RULES[rule][0]
        if trial.key["answer"] != ("left" if first else "right"):
            problems.append(f"trial {trial.number}: the key does not follow from the rule")
        if rule not in SORTING_RULES or card[rule] not in SORTING_RULES[rule]:
            problems.append(f"trial {trial.number}: unknown rule or card")
    return problems
