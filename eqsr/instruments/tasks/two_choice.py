"""Trials with two buttons: numbering, checking, and signs of careless playing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eqsr.instruments.scoring.careless_answers import REACTION_MS
from eqsr.instruments.scoring.quality import Limit
from eqsr.instruments.tasks.pace import given_outcomes, is_enough
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial, TrialOutcome

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
    given = given_outcomes(trials, outcomes)
    chosen = [outcome.facts["chosen"] for outcome in given if outcome.facts["chosen"]]
    if not is_enough(given, trials) or not chosen:
        return {}
    return {
        "guessing": sum(bool(outcome.correct) for outcome in given) / len(given),
        "same_key": max(chosen.count(choice) for choice in set(chosen)) / len(chosen),
    }
