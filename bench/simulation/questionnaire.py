"""Simulated people who fill in a questionnaire whose reliability is known by construction."""

import math
import random
from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist, mean

from bench.simulation.harder_people import skewed
from bench.simulation.study import Row, row
from eqsr.instruments import scoring
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.definitions.norm_groups import ScaleNorm
from eqsr.instruments.scoring import ItemResponse
from eqsr.instruments.scoring.score import DAY_TO_DAY

NORMAL = NormalDist()
ASSUMED = ScaleNorm(mean=3.4, sd=0.5)
"""Assumed distribution of people's scale means if there is no norm group."""
STEPS = 40
"""Steps of the numerical integration over an answer's noise."""


@dataclass(frozen=True)
class Truth:
    """How people and phrases are.

    ``less_alpha``: how much lower alpha is than published. ``daily``: share of the variance that
    changes from day to day; the true score is without it. ``skewed``: most people stand low, few
    far up. ``unequal``: SD of how far phrases of one scale lie apart, the same for everybody.
    """

    less_alpha: float = 0.0
    daily: float = 0.0
    skewed: bool = False
    unequal: float = 0.0


ASSUMED_TRUTH = Truth(daily=DAY_TO_DAY)


def study(
    instrument: Instrument, sittings: int, seed: int, truth: Truth = ASSUMED_TRUTH
) -> list[Row]:
    """Simulate people with a true mean per scale, distributed as norm and reliability say.

    Each answer adds noise and is rounded to an option at random, which keeps its mean correct.
    """
    return [
        row(instrument.name, instrument.scale(scale).name, "of 1 to 5", seen)
        for scale, seen in sat(instrument, sittings, seed, truth).items()
    ]


def sat(
    instrument: Instrument, sittings: int, seed: int, truth: Truth
) -> dict[str, list[tuple[float, scoring.ScaleScore]]]:
    """Scale -> true score and score of everybody whose answers can be read."""
    rng = random.Random(seed)
    apart = {item.number: rng.gauss(0, truth.unequal) for item in instrument.items}
    seen: dict[str, list] = {scale.id: [] for scale in instrument.scales}
    for _ in range(sittings):
        answers, truths = {}, {}
        for scale in instrument.scales:
            given, truths[scale.id] = _answered(instrument, scale.id, apart, truth, rng)
            answers |= given
        result = scoring.score(instrument, answers, instrument.norm)
        for score in result.scales:
            if score.interpretable:
                halves = _halves(instrument, score.scale, answers)
                seen[score.scale].append((truths[score.scale], replace(score, halves=halves)))
    return seen


def _answered(
    instrument: Instrument,
    scale: str,
    apart: dict[int, float],
    truth: Truth,
    rng: random.Random,
) -> tuple[dict[int, ItemResponse], float]:
    """One person's answers to a scale, and their true score: the mean answer on a usual day."""
    items = instrument.items_of(scale)
    group = instrument.norm.scales.get(scale, ASSUMED)
    alpha = (instrument.scale(scale).reliability or 0) - truth.less_alpha
    error = group.sd**2 * (1 - alpha) * len(items)
    stable = group.sd * math.sqrt(alpha - truth.daily)
    draw = skewed(rng) if truth.skewed else rng.gauss(0, 1)
    usual = min(max(group.mean + stable * draw, 1.2), 4.8)
    today = usual + rng.gauss(0, group.sd * math.sqrt(truth.daily))
    noise = _noise(round(usual, 1), round(error, 6))
    answers = {}
    for item in items:
        value = _rounded(today + apart[item.number] + rng.gauss(0, noise), rng)
        answers[item.number] = ItemResponse(value if item.keyed == 1 else 6 - value, 3000)
    # The mean over days adds their noise to that of single answers.
    spread = round(math.hypot(noise, group.sd * math.sqrt(truth.daily)), 3)
    return answers, mean(_expected(usual + apart[item.number], spread) for item in items)


@cache
def _noise(truth: float, error: float) -> float:
    """Return the noise that gives answers the wanted variance; the scale's ends clip some of it."""
    low, high = 0.01, 9.0
    while high - low > 1e-3:
        noise = (low + high) / 2
        middle = _expected(truth, noise)
        spread = sum(
            (wish - middle) ** 2 + wish % 1 * (1 - wish % 1) for wish in _wishes(truth, noise)
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
