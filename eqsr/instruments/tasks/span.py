"""Memory span: repeat sequences of digits or blocks that become longer.

There are two trials at each length, from the shortest up; a part ends when both trials of a length
are wrong. Scored as mean span (Woods et al. 2011, J. Clin. Exp. Neuropsychol. 33, 101-111), which
varies less and retests better than the longest length repeated.

Parameters: ``material`` digits or blocks; ``parts``, each with ``scale``, ``from`` and ``to``
(lengths) and ``backward``; ``show_ms`` and ``gap_ms`` per element; ``steepness``, how quickly
success falls with length (see ``span_band.success``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from eqsr.instruments.scoring.span import mean_span
from eqsr.instruments.tasks import span_trials
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.span_band import span_band
from eqsr.instruments.tasks.span_trials import ELEMENTS
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome

FASTEST_MS = 250
"""Too short to find and press a key, per element."""

generate = span_trials.generate


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
    low, high = span_band(sum(right.values()), min(lengths), max(lengths), own[0].key["steepness"])
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


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the trials whose sequence repeats an element or has the wrong length."""
    problems = []
    for trial in trials:
        sequence = trial.show["sequence"]
        if len(set(sequence)) != len(sequence) or len(sequence) != trial.key["length"]:
            problems.append(f"trial {trial.number}: a sequence repeats an element")
    return problems
