"""Times of responses that cannot be."""

from collections.abc import Mapping, Sequence

from eqsr.instruments.tasks.engines import Engine
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial

OVERLAP_MS = 60
"""How far one trial's time may overlap the next one's, as browsers blur their clocks."""
LATE_MS = 1500
"""How late after its limit an answer may come, on a slow device."""
CLOCKS_MS = 10_000
"""How far the clocks of browser and server may drift apart during a sitting."""


def impossible_times(
    engine: Engine, trials: Mapping[int, Trial], responses: Sequence[Response]
) -> set[int]:
    """Numbers of the trials whose times cannot be: too late, too early, too fast or overlapping."""
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
