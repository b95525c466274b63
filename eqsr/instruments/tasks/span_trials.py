"""Making the trials of a memory span task."""

from collections.abc import Mapping
from itertools import pairwise
from random import Random
from typing import Any

from eqsr.instruments.tasks.trial import Trial, chance

TRIALS_PER_LENGTH = 2
ELEMENTS = tuple(range(1, 10))
BLOCKS = ((15, 16), (46, 9), (82, 20), (30, 41), (63, 38), (90, 52), (12, 66), (48, 68), (74, 83))
"""Centres of the nine blocks, in per cent of the board: our own arrangement, not Corsi's."""


def generate(seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
    """Make sequences without a repeated element or a run of three neighbours (2 3 4)."""
    rng = chance(seed)
    trials: list[Trial] = []
    number_of_round = 0
    for part in parameters["parts"]:
        for length in range(part["from"], part["to"] + 1):
            number_of_round += 1
            for _ in range(TRIALS_PER_LENGTH):
                sequence = _sequence(rng, length)
                trials.append(
                    Trial(
                        number=len(trials) + 1,
                        round=number_of_round,
                        show=_show(part, parameters, sequence),
                        key=_key(part, parameters, sequence),
                    )
                )
    return trials


def _sequence(rng: Random, length: int) -> list[int]:
    while True:
        drawn = rng.sample(ELEMENTS, length)
        steps = [b - a for a, b in pairwise(drawn)]
        if not any(a == b and abs(a) == 1 for a, b in pairwise(steps)):
            return drawn


def _show(
    part: Mapping[str, Any], parameters: Mapping[str, Any], sequence: list[int]
) -> dict[str, Any]:
    shown = {
        "sequence": sequence,
        "backward": part["backward"],
        "show_ms": parameters["show_ms"],
        "gap_ms": parameters["gap_ms"],
    }
    blocks = {"blocks": [list(place) for place in BLOCKS]}
    return shown | (blocks if parameters["material"] == "blocks" else {})


def _key(
    part: Mapping[str, Any], parameters: Mapping[str, Any], sequence: list[int]
) -> dict[str, Any]:
    return {
        "answer": sequence[::-1] if part["backward"] else sequence,
        "scale": part["scale"],
        "length": len(sequence),
        "steepness": parameters["steepness"],
    }
