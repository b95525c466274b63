"""Simulated people who fill in a questionnaire whose reliability is known by construction."""

import math
import random
from dataclasses import replace
from functools import cache
from statistics import NormalDist

from bench.simulation.study import Row, row
from eqsr.instruments import scoring
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.definitions.norm_groups import ScaleNorm
from eqsr.instruments.scoring import ItemResponse

NORMAL = NormalDist()
ASSUMED = ScaleNorm(mean=3.4, sd=0.5)
"""Assumed distribution of people's scale means if there is no norm group."""
STEPS = 40
"""Steps of the numerical integration over an answer's noise."""


def study(instrument: Instrument, sittings: int, seed: int) -> list[Row]:
    """Simulate people with a true mean per scale, distributed as norm and reliability say.

    Each answer adds noise and is rounded to an option at random, which keeps its mean correct.
    """
    rng = random.Random(seed)
    seen: dict[str, list] = {scale.id: [] for scale in instrument.scales}
    for _ in range(sittings):
        answers, truths = {}, {}
        for scale in instrument.scales:
            items = instrument.items_of(scale.id)
            noise, truth = _person(instrument, scale.id, len(items), rng)
            truths[scale.id] = _expected(truth, noise)
            for item in items:
                value = _rounded(truth + rng.gauss(0, noise), rng)
                answers[item.number] = ItemResponse(value if item.keyed == 1 else 6 - value, 3000)
        result = scoring.score(instrument, answers, instrument.norm)
        for score in result.scales:
            if score.interpretable:
                halves = _halves(instrument, score.scale, answers)
                seen[score.scale].append((truths[score.scale], replace(score, halves=halves)))
    return [row(instrument.name, s.name, "of 1 to 5", seen[s.id]) for s in instrument.scales]


def _person(
    instrument: Instrument, scale: str, items: int, rng: random.Random
) -> tuple[float, float]:
    """Return the noise (SD) and the latent mean of one answer, from norm and reliability."""
    group = instrument.norm.scales.get(scale, ASSUMED)
    reliability = instrument.scale(scale).reliability
    error = group.sd**2 * (1 - reliability) * items
    while True:
        truth = rng.gauss(group.mean, group.sd * math.sqrt(reliability))
        if 1.2 <= truth <= 4.8:
            return _noise(round(truth, 1), round(error, 6)), truth


@cache
def _noise(truth: float, error: float) -> float:
    """Return the noise that gives answers the wanted variance; the scale's ends clip some of it."""
    low, high = 0.01, 9.0
    while high - low > 1e-3:
        noise = (low + high) / 2
        mean = _expected(truth, noise)
        spread = sum(
            (wish - mean) ** 2 + wish % 1 * (1 - wish % 1) for wish in _wishes(truth, noise)
        )
        low, high = (noise, high) if spread / STEPS < error else (low, noise)
    return low


def _wishes(truth: float, noise: float) -> list[float]:
    wishes = (truth + noise * NORMAL.inv_cdf((k + 0.5) / STEPS) for k in range(STEPS))
    return [min(max(wish, 1), 5) for wish in wishes]


def _rounded(wish: float, rng: random.Random) -> int:
    wish = min(max(wish, 1), 5)
    return math.floor(wish) + (rng.random() < wish % 1)


def _expected(truth: float, noise: float) -> float:
    """Return the mean answer; random rounding does not change it."""
    return sum(_wishes(truth, noise)) / STEPS


def _halves(
    instrument: Instrument, scale: str, answers: dict[int, ItemResponse]
) -> tuple[float, float]:
    values = [
        answers[i.number].value if i.keyed == 1 else 6 - answers[i.number].value
        for i in instrument.items_of(scale)
    ]
    return sum(values[::2]) / len(values[::2]), sum(values[1::2]) / len(values[1::2])
