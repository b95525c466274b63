"""The 95 % band of a number of right answers to items of different difficulty."""

import math
from collections.abc import Sequence
from functools import lru_cache

from eqsr.instruments.scoring.interval import Band
from eqsr.instruments.scoring.inverted_interval import count_distribution, inverted_band

ABILITIES = [step / 20 for step in range(-160, 161)]
"""-8 to 8 logits in steps of a twentieth."""


def chance_right(ability: float, difficulty: float, guessing: float, slope: float) -> float:
    """Three-parameter logistic model (Birnbaum 1968): c + (1 - c) / (1 + exp(-a (ability - b)))."""
    return guessing + (1 - guessing) / (1 + math.exp(-slope * (ability - difficulty)))


def expected_right(
    ability: float, difficulties: Sequence[float], guessing: float, slope: float
) -> float:
    """The true score: the mean number of items that a person of this ability gets right."""
    return sum(chance_right(ability, b, guessing, slope) for b in difficulties)


def number_right_band(
    right: int, difficulties: Sequence[float], guessing: float, slope: float
) -> Band:
    """95 % band of the true score behind a number right.

    With items of different difficulty, the number right varies less than a binomial one; its
    distribution at each ability is computed exactly. Until item statistics exist, the difficulties
    are those of the design; the band depends little on them (bench/simulation).
    """
    return _band(right, tuple(difficulties), guessing, slope)


@lru_cache(maxsize=1024)
def _band(right: int, difficulties: tuple[float, ...], guessing: float, slope: float) -> Band:
    models = {}
    for ability in ABILITIES:
        chances = [chance_right(ability, b, guessing, slope) for b in difficulties]
        models[sum(chances)] = count_distribution(chances)
    return inverted_band(right, models)
