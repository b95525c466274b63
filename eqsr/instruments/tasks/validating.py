"""Deciding which responses count.

Tampering can't change a score silently: such a response is refused or flagged, and readers of the
score see the flags.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eqsr.instruments.tasks.engines import Engine, skipped
from eqsr.instruments.tasks.impossible_times import impossible_times
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial, TrialOutcome


@dataclass(frozen=True)
class Refusal:
    """A response that does not count. ``code``: unknown, changed, not_due or malformed."""

    trial_number: int
    code: str
    sentence: str


@dataclass(frozen=True)
class Validation:
    """Which responses count.

    ``accepted``: trial number -> response. ``outcomes``: trial number -> outcome. ``impossible``:
    numbers of accepted trials with impossible times. A repeated response with the same answer is
    neither refused nor counted twice.
    """

    accepted: Mapping[int, Response]
    outcomes: Mapping[int, TrialOutcome]
    refused: tuple[Refusal, ...]
    impossible: tuple[int, ...]


def due(
    engine: Engine, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> list[Trial]:
    """The open trials of the first round that is not done; [] at the end."""
    skip = skipped(engine, trials, outcomes)
    left = [t for t in trials if t.number not in outcomes and t.number not in skip]
    return [trial for trial in left if trial.round == left[0].round]


def validate(engine: Engine, trials: Sequence[Trial], responses: Iterable[Response]) -> Validation:
    """Decide about responses in order of arrival.

    Refused are responses to trials that do not exist or are not due (a later round, or left out by
    the stop rule), answers that the task does not have, and a second, different answer to a trial.
    """
    by_number = {trial.number: trial for trial in trials}
    accepted: dict[int, Response] = {}
    outcomes: dict[int, TrialOutcome] = {}
    refused: list[Refusal] = []
    now = {trial.number for trial in due(engine, trials, outcomes)}
    for response in responses:
        number = response.trial_number
        refusal = _refusal(engine, by_number.get(number), response, accepted, now)
        if refusal:
            refused.append(refusal)
        elif number not in accepted:
            accepted[number] = response
            outcomes[number] = engine.check(by_number[number], response)
            now.discard(number)
            now = now or {trial.number for trial in due(engine, trials, outcomes)}
    impossible = impossible_times(engine, by_number, list(accepted.values()))
    return Validation(accepted, outcomes, tuple(refused), tuple(sorted(impossible)))


def _refusal(
    engine: Engine,
    trial: Trial | None,
    response: Response,
    accepted: Mapping[int, Response],
    now: set[int],
) -> Refusal | None:
    number = response.trial_number
    if trial is None:
        return Refusal(number, "unknown", f"There is no trial {number}.")
    if number in accepted:
        same = accepted[number].response == response.response
        return None if same else Refusal(number, "changed", f"Trial {number} is answered already.")
    if not engine.well_formed(trial, response.response):
        return Refusal(number, "malformed", f"That is no answer to trial {number}.")
    if number not in now:
        return Refusal(number, "not_due", f"Trial {number} is not to be done now.")
    return None
