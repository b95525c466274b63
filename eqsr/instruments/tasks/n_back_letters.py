"""Making the letters of an n-back task: targets, lures and others."""

from collections.abc import Mapping
from typing import Any

from eqsr.instruments.tasks.trial import Trial, chance

LETTERS = "BDFHKMQRTX"
"""Consonants that look unlike each other and spell no word."""


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Make one trial per letter; the first n of a round can't be targets and don't count."""
    rng = chance(seed)
    trials: list[Trial] = []
    for number_of_round, level in enumerate(parameters["levels"], start=1):
        letters, targets = _letters(rng, level, parameters)
        for place, letter in enumerate(letters):
            trials.append(
                Trial(
                    number=len(trials) + 1,
                    round=number_of_round,
                    show={
                        "letter": letter,
                        "level": level,
                        "before": letters[max(0, place - level) : place],
                        "show_ms": parameters["show_ms"],
                        "pace_ms": parameters["pace_ms"],
                    },
                    key={
                        "answer": place in targets,
                        "level": level,
                        "scored": place >= level,
                    },
                    limit_ms=parameters["pace_ms"],
                )
            )
    return trials


def _letters(rng: Any, level: int, parameters: Mapping[str, Any]) -> tuple[list[str], set[int]]:
    places = range(level, level + parameters["scored"])
    targets = set(rng.sample(places, parameters["targets"]))
    lures_left = parameters["lures"]
    letters = list(rng.sample(LETTERS, level))
    for place in places:
        if place in targets:
            letters.append(letters[place - level])
            continue
        near = {letters[place - n] for n in (level - 1, level + 1) if 0 < n <= place}
        near -= {letters[place - level]}
        if lures_left and near and rng.random() < 0.3:
            lures_left -= 1
            letters.append(rng.choice(sorted(near)))
        else:
            letters.append(rng.choice(sorted(set(LETTERS) - near - {letters[place - level]})))
    return letters, targets
