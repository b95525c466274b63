"""Tasks: trials made by rule from a seed, checked, and scored. Pure functions.

The story of one sitting: ``generate`` once and store the trials; ``state`` is what the browser
gets; ``receive`` says what of a post is to be stored; ``score`` gives the result. Scoring
the stored trials and responses again gives the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from eqsr.instruments.definitions.shape import Instrument
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
MOST_POSTED = 40
MOST_KEPT = 3
"""Responses for each trial of a task, counting those that don't count; more is no playing."""


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


def check(instrument: Instrument, trial: Trial, response: Response) -> TrialOutcome:
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


def timed(instrument: Instrument) -> bool:
    """Whether extra time changes anything: the task has a time limit, or a pace."""
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

    ``seed`` is the sitting's; practice is made from another one. It holds no answer to a trial
    that counts, and no trial of a later round.
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
    """The responses of a post that are new and to be stored, after the stored ones, in order.

    What was stored before is left out, so that a post may be repeated. What does not count is
    kept too, unless it belongs to no trial: ``score`` flags it. Raises ValueError for a post that
    is none.
    """
    if not isinstance(posted, dict) or not isinstance(posted.get("responses"), list):
        raise ValueError("not a list of responses")
    if len(posted) > 1 or len(posted["responses"]) > MOST_POSTED:
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
    if len(stored) + len(new) > MOST_KEPT * len(trials):
        raise ValueError("more responses than a task has")
    return new
