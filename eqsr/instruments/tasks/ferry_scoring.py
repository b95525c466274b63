"""Scoring the ferry task: puzzles solved, and how directly."""

from collections.abc import Mapping, Sequence

from eqsr.instruments.scoring.interval import wilson
from eqsr.instruments.scoring.number_right import number_right_band
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome

MIN_SOLVED = 4
"""Directness is not scored for fewer solved puzzles than this."""


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """Number of puzzles solved within the budget, and how directly."""
    given = [trial for trial in trials if trial.number in outcomes]
    solved = [trial for trial in given if outcomes[trial.number].correct]
    return [_solved(trials, given, solved), _directness(trials, solved, outcomes)]


def _solved(trials: Sequence[Trial], given: list[Trial], solved: list[Trial]) -> Measure:
    if len(given) < len(trials):
        return Measure("solved", None, None, None, len(given), len(trials))
    difficulties = [trial.key["difficulty"] for trial in trials]
    low, high = number_right_band(len(solved), difficulties, 0, trials[0].key["slope"])
    odd, even = (float(sum(t in solved for t in trials[i::2])) for i in (0, 1))
    halves = (odd, even)
    return Measure("solved", float(len(solved)), low, high, len(given), len(trials), halves)


def _directness(
    trials: Sequence[Trial], solved: list[Trial], outcomes: Mapping[int, TrialOutcome]
) -> Measure:
    """Per cent of steps that were right: needed crossings / (needed crossings + mistakes).

    A mistake is a forbidden crossing, or a wrong crossing together with the way back.
    """
    if len(solved) < MIN_SOLVED:
        return Measure("directness", None, None, None, len(solved), len(trials))
    needed, mistakes = _needed_and_mistakes(solved, outcomes)
    low, high = wilson(needed, needed + mistakes)
    odd, even = (
        100 * n / (n + m) for n, m in (_needed_and_mistakes(solved[i::2], outcomes) for i in (0, 1))
    )
    whole = 100 * needed / (needed + mistakes)
    return Measure(
        "directness", whole, 100 * low, 100 * high, len(solved), len(trials), (odd, even)
    )


def _needed_and_mistakes(
    solved: list[Trial], outcomes: Mapping[int, TrialOutcome]
) -> tuple[int, int]:
    needed = sum(trial.key["crossings"] for trial in solved)
    facts = [outcomes[trial.number].facts for trial in solved]
    made, slips = (sum(fact[name] for fact in facts) for name in ("crossings", "slips"))
    return needed, (made - needed + 1) // 2 + slips
