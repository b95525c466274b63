"""Memory span: repeat sequences of digits or blocks that become longer.

There are two trials at each length, from the shortest up; a part ends when both trials of a length
are wrong. Scored as mean span (Woods et al. 2011, J. Clin. Exp. Neuropsychol. 33, 101-111), which
varies less and retests better than the longest length repeated.

Parameters: ``material`` digits or blocks; ``parts``, each with ``scale``, ``from`` and ``to``
(lengths) and ``backward``; ``show_ms`` and ``gap_ms`` per element; ``steepness``, how quickly
success falls with length (see ``success``).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from eqsr.instruments.scoring.interval import Band, inverted_band
from eqsr.instruments.scoring.span import mean_span
from eqsr.instruments.tasks.trial import Measure, Response, Trial, TrialOutcome, chance

TRIALS_PER_LENGTH = 2
ELEMENTS = tuple(range(1, 10))
BLOCKS = ((15, 16), (46, 9), (82, 20), (30, 41), (63, 38), (90, 52), (12, 66), (48, 68), (74, 83))
"""Centres of the nine blocks, in per cent of the board: our own arrangement, not Corsi's."""
FASTEST_MS = 250
"""Too short to find and press a key, per element."""
GRID = 0.05
"""Step of the grid of spans behind the band."""


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Make sequences without a repeated element or a run of three neighbours (2 3 4)."""
    rng = chance(seed)
    trials: list[Trial] = []
    number_of_round = 0
    for part in parameters["parts"]:
        for length in range(part["from"], part["to"] + 1):
            number_of_round += 1
            for _ in range(TRIALS_PER_LENGTH):
                sequence = _sequence(rng, length)
                trials.append(
                    Trial(
                        number=len(trials) + 1,
                        round=number_of_round,
                        show=_show(part, parameters, sequence),
                        key=_key(part, parameters, sequence),
                    )
                )
    return trials


def _sequence(rng: Random, length: int) -> list[int]:
    while True:
        drawn = rng.sample(ELEMENTS, length)
        steps = [b - a for a, b in pairwise(drawn)]
        if not any(a == b and abs(a) == 1 for a, b in pairwise(steps)):
            return drawn


def _show(
    part: Mapping[str, Any], parameters: Mapping[str, Any], sequence: list[int]
) -> dict[str, Any]:
    shown = {
        "sequence": sequence,
        "backward": part["backward"],
        "show_ms": parameters["show_ms"],
        "gap_ms": parameters["gap_ms"],
    }
    blocks = {"blocks": [list(place) for place in BLOCKS]}
    return shown | (blocks if parameters["material"] == "blocks" else {})


def _key(
    part: Mapping[str, Any], parameters: Mapping[str, Any], sequence: list[int]
) -> dict[str, Any]:
    return {
        "answer": sequence[::-1] if part["backward"] else sequence,
        "scale": part["scale"],
        "length": len(sequence),
        "steepness": parameters["steepness"],
    }


def check(trial: Trial, response: Response) -> TrialOutcome:
    """Right if every element is repeated in its place."""
    right = response.response == trial.key["answer"]
    return TrialOutcome(trial.number, right, response.response_ms, response.timed_out)


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is a list of elements; an empty one means "I don't know"."""
    return (
        isinstance(response, list)
        and len(response) <= len(ELEMENTS)
        and all(isinstance(e, int) and e in ELEMENTS for e in response)
    )


def fastest_ms(trial: Trial) -> int:
    """Too short to enter an answer of this length."""
    length: int = trial.key["length"]
    return FASTEST_MS * (length - 1)


def skipped(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> set[int]:
    """Numbers of the trials after a length at which every trial was wrong."""
    ended: set[str] = set()
    skip: set[int] = set()
    for (scale, _), same_length in _by_length(trials).items():
        if scale in ended:
            skip |= {trial.number for trial in same_length}
        elif all(t.number in outcomes and not outcomes[t.number].correct for t in same_length):
            ended.add(scale)
    return skip


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """Mean span per part, with its 95 % band."""
    scales = dict.fromkeys(trial.key["scale"] for trial in trials)
    return [_measure(scale, trials, outcomes) for scale in scales]


def _measure(scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> Measure:
    own = [trial for trial in trials if trial.key["scale"] == scale]
    skip = skipped(own, outcomes)
    given = [trial for trial in own if trial.number not in skip]
    answered = sum(trial.number in outcomes for trial in given)
    if answered < len(given):
        return Measure(scale, None, None, None, answered, len(given))
    right = {trial.number: _right(trial, outcomes) for trial in own}
    lengths = [trial.key["length"] for trial in own]
    low, high = _band(sum(right.values()), min(lengths), max(lengths), own[0].key["steepness"])
    spans = [_span(half, right) for half in (own, own[::2], own[1::2])]
    return Measure(scale, spans[0], low, high, answered, len(given), (spans[1], spans[2]))


def _right(trial: Trial, outcomes: Mapping[int, TrialOutcome]) -> bool:
    return trial.number in outcomes and bool(outcomes[trial.number].correct)


def _span(trials: Sequence[Trial], right: Mapping[int, bool]) -> float:
    counts: dict[int, list[bool]] = defaultdict(list)
    for trial in trials:
        counts[trial.key["length"]].append(right[trial.number])
    return mean_span({length: (sum(given), len(given)) for length, given in counts.items()})


def _by_length(trials: Sequence[Trial]) -> dict[tuple[str, int], list[Trial]]:
    groups: dict[tuple[str, int], list[Trial]] = defaultdict(list)
    for trial in trials:
        groups[(trial.key["scale"], trial.key["length"])].append(trial)
    return groups


def success(span: float, length: int, steepness: float) -> float:
    """Chance to repeat a sequence: 1 / (1 + exp((length - span) / steepness)), .5 at the span."""
    return 1 / (1 + math.exp((length - span) / steepness))


@cache
def _band(right: int, shortest: int, longest: int, steepness: float) -> Band:
    """The 95 % band of spans for this number of right trials (interval.inverted_band)."""
    spans = [step * GRID for step in range(round((longest + 2.5) / GRID))]
    lengths = range(shortest, longest + 1)
    return inverted_band(right, {s: _right_counts(s, lengths, steepness) for s in spans})


def _right_counts(span: float, lengths: range, steepness: float) -> list[float]:
    """Probability of 0, 1, ... right trials for a person of this span, given the stop rule."""
    going = {0: 1.0}
    ended: dict[int, float] = defaultdict(float)
    for length in lengths:
        p = success(span, length, steepness)
        onward: dict[int, float] = defaultdict(float)
        for right, probability in going.items():
            ended[right] += probability * (1 - p) ** 2
            onward[right + 1] += probability * 2 * p * (1 - p)
            onward[right + 2] += probability * p * p
        going = onward
    for right, probability in going.items():
        ended[right] += probability
    return [ended.get(right, 0.0) for right in range(TRIALS_PER_LENGTH * len(lengths) + 1)]


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the trials whose sequence repeats an element or has the wrong length."""
    problems = []
    for trial in trials:
        sequence = trial.show["sequence"]
        if len(set(sequence)) != len(sequence) or len(sequence) != trial.key["length"]:
            problems.append(f"trial {trial.number}: a sequence repeats an element")
    return problems
