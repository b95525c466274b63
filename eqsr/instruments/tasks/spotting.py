"""Spotting, a visual search for pace and accuracy: is the target pennant among those shown?

Every other pennant shares exactly two of three features with the target, so all three must be seen
together (conjunction search: Treisman & Gelade 1980).

Parameters: ``rounds`` and ``per_round`` trials; ``sizes``, how many pennants are shown, in equal
parts; ``limit_ms``.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from eqsr.instruments.tasks import pace, two_choice
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome, chance

FEATURES = {"side": (0, 1), "tip": (0, 1, 2), "bars": (1, 2, 3)}
ANSWERS = ("yes", "no")
LIMITS = (two_choice.CHANCE_LIMIT, two_choice.SAME_LIMIT)

Pennant = dict[str, int]


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Make rounds with one target each, which is shown in half of the trials."""
    rng = chance(seed)
    rounds = (_round(rng, parameters) for _ in range(parameters["rounds"]))
    return two_choice.numbered(rounds, parameters["limit_ms"])


def _round(
    rng: Random, parameters: Mapping[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(show, key) of each trial of a round."""
    target = {name: rng.choice(values) for name, values in FEATURES.items()}
    plan = [(size, answer) for size in parameters["sizes"] for answer in ANSWERS] * (
        parameters["per_round"] // (len(parameters["sizes"]) * len(ANSWERS))
    )
    rng.shuffle(plan)
    for size, answer in plan:
        pennants = _pennants(rng, target, size, answer)
        yield {"target": target, "pennants": pennants}, {"answer": answer, "size": size}


def _pennants(rng: Random, target: Pennant, size: int, answer: str) -> list[Pennant]:
    near = [
        target | {name: value}
        for name, values in FEATURES.items()
        for value in values
        if value != target[name]
    ]
    shown = [near[place % len(near)] for place in range(size)]
    if answer == "yes":
        shown[rng.randrange(size)] = target
    return rng.sample(shown, size)


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is ``yes`` or ``no``; or None, if the time ran out."""
    return response is None or response in ANSWERS


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """Pace, accuracy, and their balance in right answers per minute."""
    return [
        pace.response_time("pace", trials, outcomes),
        pace.accuracy("accuracy", trials, outcomes),
        pace.throughput("balance", trials, outcomes),
    ]


check = two_choice.check_choice
fastest_ms = two_choice.fastest_ms
signs = two_choice.two_choice_signs


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the trials whose key does not fit the pennants shown."""
    problems = []
    for trial in trials:
        times = trial.show["pennants"].count(trial.show["target"])
        if times != (trial.key["answer"] == "yes"):
            problems.append(f"trial {trial.number}: the pennant is shown {times} times")
    return problems
