"""Speed and accuracy of many short trials: each on its own, and as right answers per minute."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from eqsr.instruments.scoring.interval import median_band, ratio_band, wilson
from eqsr.instruments.scoring.quality import REACTION_MS, Limit
from eqsr.instruments.tasks.trial import Measure, Response, Trial, TrialOutcome

ENOUGH_GIVEN = 0.8
"""Share of the trials that must be answered for anything to be scored."""
MINUTE_MS = 60_000
CHANCE_LIMIT = Limit(
    "guessing",
    0.6,
    0.6,
    False,
    "{value:.0%} of the answers were right, hardly more than guessing gives.",
)
"""For two choices: guessing gives .5 on average, and at least .6 of 60 once in ten times."""
SAME_LIMIT = Limit("same_key", 0.85, 0.95, True, "{value:.0%} of the answers were the same button.")


def numbered(
    rounds: Iterable[Iterable[tuple[dict[str, Any], dict[str, Any]]]], limit_ms: int | None
) -> list[Trial]:
    """Make trials from (show, key) pairs, numbered through all rounds."""
    trials: list[Trial] = []
    for number_of_round, pairs in enumerate(rounds, start=1):
        trials += [
            Trial(number, number_of_round, show, key, limit_ms)
            for number, (show, key) in enumerate(pairs, start=len(trials) + 1)
        ]
    return trials


def _given(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[TrialOutcome]:
    return [outcomes[trial.number] for trial in trials if trial.number in outcomes]


def _enough(given: Sequence[TrialOutcome], trials: Sequence[Trial]) -> bool:
    return len(given) >= ENOUGH_GIVEN * len(trials)


def response_time(
    scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> Measure:
    """Median time of the right answers, in milliseconds, with its 95 % band."""
    given = _given(trials, outcomes)
    times = [o.response_ms for o in given if o.correct and o.response_ms is not None]
    if not _enough(given, trials) or len(times) < len(given) / 2:
        return Measure(scale, None, None, None, len(given), len(trials))
    low, high = median_band(times)
    halves = (median(times[::2]), median(times[1::2]))
    return Measure(scale, median(times), low, high, len(given), len(trials), halves)


def accuracy(scale: str, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> Measure:
    """Per cent of the answers that were right; no answer in time counts as wrong."""
    given = _given(trials, outcomes)
    if not _enough(given, trials):
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
    given = _given(trials, outcomes)
    limits = {trial.number: trial.limit_ms for trial in trials}
    right = [float(bool(outcome.correct)) for outcome in given]
    minutes = [_spent_ms(o, limits[o.trial_number]) / MINUTE_MS for o in given]
    if not _enough(given, trials) or not sum(right):
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


def check_choice(trial: Trial, response: Response) -> TrialOutcome:
    """Right if the button is the key's ``answer``; no answer in time counts as wrong."""
    late = response.timed_out
    chosen = None if late else response.response
    return TrialOutcome(
        trial.number,
        chosen == trial.key["answer"],
        None if late else response.response_ms,
        late,
        {"chosen": chosen},
    )


def fastest_ms(trial: Trial) -> int:
    """Too short to see anything and press a button."""
    return REACTION_MS


def two_choice_signs(
    trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> dict[str, float]:
    """Share right (near .5 for guessing), and share of the button used most."""
    given = _given(trials, outcomes)
    chosen = [outcome.facts["chosen"] for outcome in given if outcome.facts["chosen"]]
    if not _enough(given, trials) or not chosen:
        return {}
    return {
        "guessing": sum(bool(outcome.correct) for outcome in given) / len(given),
        "same_key": max(chosen.count(choice) for choice in set(chosen)) / len(chosen),
    }
