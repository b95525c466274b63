"""Simulated people who are not as the scoring assumes: lapses, drift, items unlike the design."""

import math
import random
from collections.abc import Callable, Sequence

from bench.simulation import people
from bench.simulation.people import NORMAL, Clock, Played, Player
from eqsr.instruments.scoring.number_right import chance_right
from eqsr.instruments.tasks import Trial

AUTOCORRELATION = 0.4
"""Correlation of one answer's time with the next one's."""
LAPSES = 0.08
"""Share of trials in which somebody's thoughts are elsewhere."""


def n_back(trials: Sequence[Trial], rng: random.Random) -> Played:
    """Like people.n_back, with attention that comes and goes over trials, and lapses."""
    clock, responses = Clock(), []
    ability, caution, wave = rng.gauss(2.2, 0.7), rng.gauss(0.25, 0.3), rng.gauss(0, 0.5)
    rates: dict[bool, list[float]] = {True: [], False: []}
    for trial in trials:
        wave = 0.9 * wave + rng.gauss(0, 0.5 * math.sqrt(1 - 0.81))
        target = trial.key["answer"]
        d = ability + 0.5 * (2 - trial.key["level"])
        shift = d / 2 if target else -d / 2
        # Over all waves (SD .5) the rate is the same normal curve, made flatter.
        mean_rate = NORMAL.cdf((shift - caution) / math.sqrt(1.25))
        if trial.key["scored"]:
            rates[target].append(mean_rate)
        pressed = rng.random() < NORMAL.cdf(shift - caution + wave)
        responses.append(clock.response(trial, pressed, rng.uniform(400, 1200)))
    hits, alarms = (sum(rates[kind]) / len(rates[kind]) for kind in (True, False))
    return responses, {"d_prime": NORMAL.inv_cdf(hits) - NORMAL.inv_cdf(alarms)}


def matrix(trials: Sequence[Trial], rng: random.Random) -> Played:
    """Like people.matrix, with items that separate people unequally, lapses and a skewed group."""
    clock, responses = Clock(), []
    chances = _chances(trials, skewed(rng), 1 / 8, 1 / 8)
    for trial, chance in zip(trials, chances, strict=True):
        right = rng.random() < chance
        answer = trial.key["answer"] if right else (trial.key["answer"] + rng.randint(1, 7)) % 8
        responses.append(clock.response(trial, answer, rng.uniform(8000, 40000)))
    return responses, {"right": sum(chances)}


def ferry(trials: Sequence[Trial], rng: random.Random) -> Played:
    """Like people.ferry, with unequal puzzles, lapses and a skewed group; no slips on the way."""
    clock, responses = Clock(), []
    chances = _chances(trials, 1.2 * skewed(rng), 0, 0)
    for trial, chance in zip(trials, chances, strict=True):
        moves = (
            [list(load) for load in people.solution(trial)]
            if rng.random() < chance
            else [trial.show["goods"]]
        )
        responses.append(clock.response(trial, moves, 40_000))
    return responses, {"solved": sum(chances)}


def two_choice(play: Callable[..., Played]) -> Player:
    """Somebody whose times hang together from trial to trial."""

    def played(trials: Sequence[Trial], rng: random.Random) -> Played:
        return play(trials, rng, autocorrelation=AUTOCORRELATION)

    return played


def skewed(rng: random.Random) -> float:
    """A draw with mean 0, SD 1 and skewness 1."""
    return (rng.gammavariate(4, 1) - 4) / 2


def _chances(
    trials: Sequence[Trial], ability: float, guessing: float, lapsed: float
) -> list[float]:
    """Chance per trial; the item's slope is off by a factor, lapses have the chance ``lapsed``."""
    chances = []
    for trial in trials:
        # The item is the same for everybody: what is off about it follows from what it shows.
        item = random.Random("slope" + people.shown(trial))
        slope = trial.key["slope"] * math.exp(item.gauss(0, 0.3))
        difficulty = trial.key["difficulty"] + people.off(people.shown(trial))
        chance = chance_right(ability, difficulty, guessing, slope)
        chances.append((1 - LAPSES) * chance + LAPSES * lapsed)
    return chances
