"""Deciding which responses count.

Tampering can't change a score silently: such a response is refused or flagged, and readers of the
score see the flags.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eqsr.instruments.tasks.engines import Engine, skipped
from eqsr.instruments.tasks.trial import Response, Trial, TrialOutcome

OVERLAP_MS = 60
"""How far one trial's time may overlap the next one's, as browsers blur their clocks."""
LATE_MS = 1500
"""How late after its limit an answer may come, on a slow device."""
CLOCKS_MS = 10_000
"""How far the clocks of browser and server may drift apart during a sitting."""


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
    impossible = _impossible(engine, by_number, list(accepted.values()))
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


def _impossible(
    engine: Engine, trials: Mapping[int, Trial], responses: Sequence[Response]
) -> set[int]:
    found = set()
    for response in responses:
        trial, time = trials[response.trial_number], response.response_ms
        if time is None:
            continue
        late = trial.limit_ms is not None and time > trial.limit_ms + LATE_MS
        if (
            late
            or _not_yet(response)
            or (time < engine.fastest_ms(trial) / 10 and not response.timed_out)
        ):
            found.add(response.trial_number)
    return found | _overlapping(responses)


def _not_yet(response: Response) -> bool:
    """Whether it claims more time than has passed since the start.

    A program that answers at once and pretends to have thought does that.
    """
    if response.received_ms is None or response.shown_at is None:
        return False
    return response.shown_at + (response.response_ms or 0) > response.received_ms + CLOCKS_MS


def _overlapping(responses: Sequence[Response]) -> set[int]:
    """Numbers of trials shown before the previous one, on the same page, was over."""
    found: set[int] = set()
    ends: dict[str, float] = {}
    for response in sorted(responses, key=lambda response: response.trial_number):
        if response.shown_at is None:
            continue
        if response.shown_at < ends.get(response.load, 0) - OVERLAP_MS:
            found.add(response.trial_number)
        end = response.shown_at + (response.response_ms or 0)
        ends[response.load] = max(end, ends.get(response.load, 0))
    return found
