"""Tasks: trials made by rule from a seed, checked, and scored. Pure functions.

The story of one sitting: ``generate`` once and store the trials; give the browser ``to_do``; take
each response through ``Response.from_posted``; ``validate`` says what counts; ``score``
gives the result. Scoring the stored trials again gives the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from eqsr.assessments.instruments.shape import Instrument
from eqsr.assessments.tasks import validating
from eqsr.assessments.tasks.engines import ENGINES, skipped
from eqsr.assessments.tasks.scoring import score
from eqsr.assessments.tasks.trial import Measure, Outcome, Response, Trial, present
from eqsr.assessments.tasks.validating import Refusal, Validation

__all__ = [
    "ENGINES",
    "Measure",
    "Outcome",
    "Refusal",
    "Response",
    "Trial",
    "Validation",
    "check",
    "generate",
    "practice",
    "present",
    "progress",
    "score",
    "to_do",
    "validate",
]

TIMES = ("limit_ms", "pace_ms")


def generate(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[Trial]:
    """The whole task for one sitting. ``time_factor`` stretches every time limit.

    The factor is agreed before the start (extra time as an adjustment), never applied afterwards.
    """
    return ENGINES[instrument.engine].generate(seed, _timed(instrument.parameters, time_factor))


def practice(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[dict[str, Any]]:
    """Trials to try out, as the browser gets them: with the answers, and never scored."""
    parameters = {**instrument.parameters, **instrument.practice}
    trials = ENGINES[instrument.engine].generate(seed, _timed(parameters, time_factor))
    return [present(trial, practice=True) for trial in trials]


def check(instrument: Instrument, trial: Trial, response: Response) -> Outcome:
    """What came of one trial."""
    return ENGINES[instrument.engine].check(trial, response)


def validate(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> Validation:
    """What of the posted responses counts, in the order in which they arrived."""
    return validating.validate(ENGINES[instrument.engine], trials, responses)


def to_do(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> list[Trial]:
    """The open trials of the round to be played now; [] when the task is done."""
    engine = ENGINES[instrument.engine]
    return validating.due(engine, trials, validate(instrument, trials, responses).outcomes)


def progress(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> tuple[int, int]:
    """Rounds done and rounds in all, as far as known: a stop rule makes them fewer."""
    engine = ENGINES[instrument.engine]
    outcomes = validate(instrument, trials, responses).outcomes
    skip = skipped(engine, trials, outcomes)
    rounds = {trial.round for trial in trials if trial.number not in skip}
    left = {t.round for t in trials if t.number not in skip and t.number not in outcomes}
    return len(rounds - left), len(rounds)


def _timed(parameters: Any, factor: float) -> dict[str, Any]:
    stretched = {name: round(parameters[name] * factor) for name in TIMES if parameters.get(name)}
    return {**parameters, **stretched}
