"""Tasks: pure functions that make trials from a seed, check responses and score them.

In one sitting: ``generate`` makes the trials, which are stored. ``state`` is what the browser gets.
``receive`` returns the responses to store. ``score`` gives the result. Scoring the stored trials
and responses again gives the same result.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.tasks import validating
from eqsr.instruments.tasks.engines import ENGINES, skipped
from eqsr.instruments.tasks.scoring import left_out, score
from eqsr.instruments.tasks.trial import Measure, Response, Trial, TrialOutcome, present
from eqsr.instruments.tasks.validating import Refusal, Validation

__all__ = [
    "ENGINES",
    "Measure",
    "Refusal",
    "Response",
    "Trial",
    "TrialOutcome",
    "Validation",
    "check",
    "generate",
    "left_out",
    "practice",
    "present",
    "progress",
    "receive",
    "score",
    "state",
    "timed",
    "to_do",
    "validate",
]

TIMES = ("limit_ms", "pace_ms")
"""Parameters that extra time stretches."""

MAX_POSTED = 40
"""Responses in one post."""

MAX_STORED_PER_TRIAL = 3
"""Responses stored per trial of a task, on average, including those that don't count."""


def generate(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[Trial]:
    """Make all trials of one sitting. ``time_factor`` stretches every time limit.

    The factor (extra time) is chosen before the start and never applied afterwards.
    """
    return ENGINES[instrument.engine].generate(seed, _timed(instrument.parameters, time_factor))


def practice(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[dict[str, Any]]:
    """Make practice trials as the browser gets them, with their answers. They are never scored."""
    parameters = {**instrument.parameters, **instrument.practice}
    trials = ENGINES[instrument.engine].generate(seed, _timed(parameters, time_factor))
    return [present(trial, practice=True) for trial in trials]


def check(instrument: Instrument, trial: Trial, response: Response) -> TrialOutcome:
    """Check one response: was it right?"""
    return ENGINES[instrument.engine].check(trial, response)


def validate(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> Validation:
    """Decide which responses, in order of arrival, count."""
    return validating.validate(ENGINES[instrument.engine], trials, responses)


def to_do(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> list[Trial]:
    """The open trials of the current round; [] if the task is done."""
    engine = ENGINES[instrument.engine]
    return validating.due(engine, trials, validate(instrument, trials, responses).outcomes)


def progress(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> tuple[int, int]:
    """(rounds done, rounds in all); a stop rule may reduce the latter as the task goes on."""
    engine = ENGINES[instrument.engine]
    outcomes = validate(instrument, trials, responses).outcomes
    skip = skipped(engine, trials, outcomes)
    rounds = {trial.round for trial in trials if trial.number not in skip}
    left = {t.round for t in trials if t.number not in skip and t.number not in outcomes}
    return len(rounds - left), len(rounds)


def timed(instrument: Instrument) -> bool:
    """Whether the task has a time limit or a pace, which extra time would stretch."""
    return any(instrument.parameters.get(name) for name in TIMES)


def _timed(parameters: Any, factor: float) -> dict[str, Any]:
    stretched = {name: round(parameters[name] * factor) for name in TIMES if parameters.get(name)}
    return {**parameters, **stretched}


def state(
    instrument: Instrument,
    trials: Sequence[Trial],
    responses: Sequence[Response],
    seed: int,
    *,
    time_factor: float = 1,
) -> dict[str, Any]:
    """What the browser needs to go on, as static/games/README.md describes it.

    ``seed`` is the sitting's; practice trials use the next one. The state contains no answer to a
    scored trial, and no trial of a later round.
    """
    now = to_do(instrument, trials, responses)
    done, parts = progress(instrument, trials, responses)
    stops = hasattr(ENGINES[instrument.engine], "skipped")
    return {
        "instrument": {
            "id": instrument.id,
            "version": instrument.version,
            "name": instrument.name,
            "engine": instrument.engine,
            "minutes": instrument.minutes,
            "instructions": list(instrument.instructions),
            "try_out": list(instrument.try_out),
            "accessibility": list(instrument.accessibility),
            "words": dict(instrument.words),
        },
        "practice": practice(instrument, seed + 1, time_factor=time_factor),
        "trials": [present(trial) for trial in now],
        "answered": len(validate(instrument, trials, responses).accepted),
        "done": done,
        "part": done + 1,
        "parts": None if stops else parts,
        "finished": False,
    }


def receive(
    instrument: Instrument,
    trials: Sequence[Trial],
    stored: Sequence[Response],
    posted: Any,
) -> list[Response]:
    """Return the responses of a post that are new and have to be stored, in order.

    Responses that were stored before are left out, so a post may be repeated. Responses that don't
    count are stored too, and ``score`` flags them. Raises ValueError for a malformed post, too many
    responses, or a trial that does not exist.
    """
    if not isinstance(posted, dict) or not isinstance(posted.get("responses"), list):
        raise ValueError("not a list of responses")
    if len(posted) > 1 or len(posted["responses"]) > MAX_POSTED:
        raise ValueError("more than a list of responses")
    numbers = {trial.number for trial in trials}
    known = [(response.trial_number, response.response) for response in stored]
    new = []
    for response in map(Response.from_posted, posted["responses"]):
        if response.trial_number not in numbers:
            raise ValueError(f"there is no trial {response.trial_number}")
        if (response.trial_number, response.response) not in known:
            known.append((response.trial_number, response.response))
            new.append(response)
    if len(stored) + len(new) > MAX_STORED_PER_TRIAL * len(trials):
        raise ValueError("more responses than a task has")
    return new
