"""Speed and accuracy of many short trials: each on its own, and as right answers per minute."""

import math
from collections.abc import Mapping, Sequence
from statistics import median

from eqsr.instruments.scoring.interval import median_band, serial_factor, widened, wilson
from eqsr.instruments.scoring.mean_interval import ratio_band
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome

MIN_SHARE_GIVEN = 0.8
"""Share of the trials that must be answered for anything to be scored."""
MINUTE_MS = 60_000


def given_outcomes(
    trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> list[TrialOutcome]:
    """The outcomes of the trials that were answered, in the order of the trials."""
    return [outcomes[trial.number] for trial in trials if trial.number in outcomes]


def is_enough(given: Sequence[TrialOutcome], trials: Sequence[Trial]) -> bool:
    """Whether enough trials were answered for anything to be scored."""
    return len(given) >= MIN_SHARE_GIVEN * len(trials)


def response_time(
    scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> Measure:
    """Median time of the right answers, in milliseconds, with its 95 % band."""
    given = given_outcomes(trials, outcomes)
    times = [o.response_ms for o in given if o.correct and o.response_ms is not None]
    if not is_enough(given, trials) or len(times) < len(given) / 2:
        return Measure(scale, None, None, None, len(given), len(trials))
    # A time resembles the one before, as attention comes and goes.
    together = serial_factor([math.log(time) for time in times])
    low, high = widened(median_band(times), median(times), together)
    halves = (median(times[::2]), median(times[1::2]))
    return Measure(scale, median(times), low, high, len(given), len(trials), halves)


def accuracy(scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> Measure:
    """Per cent of the answers that were right; no answer in time counts as wrong."""
    given = given_outcomes(trials, outcomes)
    if not is_enough(given, trials):
        return Measure(scale, None, None, None, len(given), len(trials))
    right = [bool(outcome.correct) for outcome in given]
    low, high = wilson(sum(right), len(right))
    odd, even = (100 * sum(half) / len(half) for half in (right[::2], right[1::2]))
    whole = 100 * sum(right) / len(right)
    return Measure(scale, whole, 100 * low, 100 * high, len(given), len(trials), (odd, even))


def throughput(
    scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> Measure:
    """Right answers per minute of answering time (rate correct score: Woltz & Was 2006).

    A trial without an answer counts with its whole time limit.
    """
    given = given_outcomes(trials, outcomes)
    limits = {trial.number: trial.limit_ms for trial in trials}
    right = [float(bool(outcome.correct)) for outcome in given]
    minutes = [_spent_ms(o, limits[o.trial_number]) / MINUTE_MS for o in given]
    if not is_enough(given, trials) or not sum(right):
        return Measure(scale, None, None, None, len(given), len(trials))
    low, high = ratio_band(right, minutes)
    odd, even = (sum(right[i::2]) / sum(minutes[i::2]) for i in (0, 1))
    whole = sum(right) / sum(minutes)
    return Measure(scale, whole, low, high, len(given), len(trials), (odd, even))


def _spent_ms(outcome: TrialOutcome, limit_ms: int | None) -> float:
    spent = outcome.response_ms or limit_ms
    if spent is None:
        raise ValueError(f"trial {outcome.trial_number} has neither an answer nor a time limit")
    return spent
