"""What the browser gets of a task, and what it posts."""

from collections.abc import Sequence
from typing import Any

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.tasks.engines import ENGINES
from eqsr.instruments.tasks.making import practice
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.rounds import progress, to_do, validate
from eqsr.instruments.tasks.trial import Trial, present

MAX_POSTED = 40
"""Responses in one post."""

MAX_STORED_PER_TRIAL = 3
"""Responses stored per trial of a task, on average, including those that don't count."""


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
