"""N-back: decide for each letter whether it equals the one n places before.

Scored as one d' over all levels, as single levels are too short (their accuracy and bias were not
reliable online: Pedersen et al. 2023).

Parameters: ``levels``, one round each; ``scored`` letters and ``targets`` among them per round;
``lures``, the maximum number of letters that equal a neighbour of the n-th; ``show_ms``, how long a
letter is shown; ``pace_ms`` from letter to letter.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from eqsr.core.messages import N_
from eqsr.instruments.scoring.detection import d_prime_band, detection
from eqsr.instruments.scoring.quality import Limit
from eqsr.instruments.tasks import n_back_letters
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome

LIMITS = (
    Limit(
        "hardly_pressed",
        0.02,
        0.02,
        False,
        N_("The key was pressed at {value:.0%} of the letters."),
    ),
    Limit(
        "always_pressed", 0.8, 0.8, True, N_("The key was pressed at {value:.0%} of the letters.")
    ),
)

generate = n_back_letters.generate


def check(trial: Trial, response: Response) -> TrialOutcome:
    """Right is a press at a target, and no press at another letter."""
    pressed = response.response is True
    facts = {"pressed": pressed}
    return TrialOutcome(
        trial.number,
        pressed == trial.key["answer"],
        response.response_ms if pressed else None,
        facts=facts,
    )


def well_formed(trial: Trial, response: Any) -> bool:
    """Whether it is True (a press) or False (none)."""
    return isinstance(response, bool)


def fastest_ms(trial: Trial) -> int:
    """Too short to see a letter and press a key."""
    return 150


def measures(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> list[Measure]:
    """d' over all scored letters that were answered."""
    scored = [trial for trial in trials if trial.key["scored"]]
    given = [trial for trial in scored if trial.number in outcomes]
    if len(given) < len(scored) * 0.8:
        return [Measure("d_prime", None, None, None, len(given), len(scored))]
    low, high = d_prime_band(*_counts(given, outcomes))
    odd, even = (detection(*_counts(given[i::2], outcomes)).d_prime for i in (0, 1))
    whole = detection(*_counts(given, outcomes)).d_prime
    return [Measure("d_prime", whole, low, high, len(given), len(scored), (odd, even))]


def _counts(
    trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> tuple[int, int, int, int]:
    pressed: dict[bool, list[bool]] = {True: [], False: []}
    for trial in trials:
        pressed[trial.key["answer"]].append(outcomes[trial.number].facts["pressed"])
    hits, alarms = pressed[True], pressed[False]
    return sum(hits), len(hits), sum(alarms), len(alarms)


def signs(trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]) -> dict[str, float]:
    """Share of letters with a press; pressing never or nearly always is not playing."""
    pressed = [outcome.facts["pressed"] for outcome in outcomes.values()]
    if len(pressed) < len(trials) * 0.8:
        return {}
    share = sum(pressed) / len(pressed)
    return {"hardly_pressed": share, "always_pressed": share}


def prove(trials: Sequence[Trial]) -> list[str]:
    """List the trials whose key does not follow from the letters."""
    problems = []
    letters: dict[int, list[str]] = {}
    for trial in trials:
        shown = letters.setdefault(trial.round, [])
        level = trial.key["level"]
        same = len(shown) >= level and shown[-level] == trial.show["letter"]
        if same != trial.key["answer"]:
            problems.append(f"trial {trial.number}: the key does not fit the letters")
        shown.append(trial.show["letter"])
    return problems
