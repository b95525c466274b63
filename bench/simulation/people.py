"""Simulated people who play a task with a known ability, and the score they should get."""

import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from statistics import NormalDist

from eqsr.instruments.scoring.number_right import chance_right
from eqsr.instruments.tasks import Response, Trial
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import Puzzle
from eqsr.instruments.tasks.span_band import success

NORMAL = NormalDist()
Played = tuple[list[Response], dict[str, float]]
"""Responses in order, and the true score per scale."""
Player = Callable[[Sequence[Trial], random.Random], Played]

DIFFICULTY_ERROR = 0.4
"""SD (logits) of the difference between an item's real difficulty and its design."""


class Clock:
    """Timestamps of responses that follow each other on one page."""

    def __init__(self) -> None:
        self.now = 1000.0

    def response(self, trial: Trial, answer: object, ms: float, *, late: bool = False) -> Response:
        shown, self.now = self.now, self.now + ms + 300
        return Response(trial.number, answer, ms, shown, "page", 0, late)


def span(steepness: float, lapses: float = 0.0) -> Player:
    """A person with a span per part, spread as among people; success falls with length.

    ``lapses``: share of rows that go wrong whatever their length.
    """

    def play(trials: Sequence[Trial], rng: random.Random) -> Played:
        clock, responses, truths, ended = Clock(), [], {}, set()
        middles = {"forward": 6.3, "backward": 4.8, "blocks": 5.6}
        for trial in trials:
            truths.setdefault(
                trial.key["scale"],
                min(max(rng.gauss(middles[trial.key["scale"]], 1.1), 1.5), 9),
            )
        misses: dict[tuple[str, int], int] = {}
        for trial in trials:
            scale, length = trial.key["scale"], trial.key["length"]
            if scale in ended:
                continue
            right = rng.random() < (1 - lapses) * success(truths[scale], length, steepness)
            answer = trial.key["answer"] if right else trial.key["answer"][::-1][:1]
            responses.append(clock.response(trial, answer, 900 * length))
            misses[(scale, length)] = misses.get((scale, length), 0) + (not right)
            if misses[(scale, length)] == 2:
                ended.add(scale)
        return responses, truths

    return play


def n_back(trials: Sequence[Trial], rng: random.Random) -> Played:
    """A person whose sensitivity falls with the level, and who has an individual response bias."""
    clock, responses = Clock(), []
    ability, caution = rng.gauss(2.2, 0.7), rng.gauss(0.25, 0.3)
    rates: dict[bool, list[float]] = {True: [], False: []}
    for trial in trials:
        d = ability + 0.5 * (2 - trial.key["level"])
        target = trial.key["answer"]
        rate = NORMAL.cdf((d / 2 if target else -d / 2) - caution)
        if trial.key["scored"]:
            rates[target].append(rate)
        pressed = rng.random() < rate
        responses.append(clock.response(trial, pressed, rng.uniform(400, 1200)))
    hits, alarms = (sum(rates[kind]) / len(rates[kind]) for kind in (True, False))
    return responses, {"d_prime": NORMAL.inv_cdf(hits) - NORMAL.inv_cdf(alarms)}


@cache
def off(shown: str) -> float:
    """Return how much harder (logits) this puzzle or pattern is than designed, for everybody."""
    return random.Random(shown).gauss(0, DIFFICULTY_ERROR)


def _chances(trials: Sequence[Trial], ability: float, guessing: float) -> list[float]:
    slope = trials[0].key["slope"]
    return [
        chance_right(ability, t.key["difficulty"] + off(shown(t)), guessing, slope) for t in trials
    ]


def shown(trial: Trial) -> str:
    """What a trial shows, as text."""
    return json.dumps(trial.show, sort_keys=True)


def matrix(trials: Sequence[Trial], rng: random.Random) -> Played:
    """A person with an ability in logits, who guesses among eight if they do not find the rule."""
    clock, responses = Clock(), []
    chances = _chances(trials, rng.gauss(0, 1), 1 / 8)
    for trial, chance in zip(trials, chances, strict=True):
        right = rng.random() < chance
        answer = trial.key["answer"] if right else (trial.key["answer"] + rng.randint(1, 7)) % 8
        responses.append(clock.response(trial, answer, rng.uniform(8000, 40000)))
    return responses, {"right": sum(chances)}


def ferry(trials: Sequence[Trial], rng: random.Random) -> Played:
    """A person with an ability in logits, and a rate of mistakes per needed crossing."""
    clock, responses = Clock(), []
    chances = _chances(trials, rng.gauss(0, 1.2), 0)
    right_at_once = min(max(rng.gauss(0.85, 0.07), 0.55), 0.99)
    needed = mistakes = 0.0
    for trial, chance in zip(trials, chances, strict=True):
        most = trial.show["budget"] - trial.key["crossings"]
        expected, drawn = _mistakes(trial.key["crossings"], right_at_once, most, rng)
        forbidden = trial.show["goods"]  # more than the ferry holds
        moves: list = [forbidden] * drawn
        if rng.random() < chance:
            moves += [list(load) for load in solution(trial)]
        else:
            moves += [forbidden]
        needed += chance * trial.key["crossings"]
        mistakes += chance * expected
        responses.append(clock.response(trial, moves[: trial.show["budget"]], 40_000))
    return responses, {"solved": sum(chances), "directness": 100 * needed / (needed + mistakes)}


def solution(trial: Trial) -> tuple[tuple[str, ...], ...]:
    """The shortest way to solve a ferry puzzle: what is loaded for each crossing."""
    return _path(shown(trial))


@cache
def _path(shown: str) -> tuple[tuple[str, ...], ...]:
    return analyse(Puzzle.from_dict(json.loads(shown))).path


def _mistakes(
    needed: int, right_at_once: float, most: int, rng: random.Random
) -> tuple[float, int]:
    """Mean and one draw of the mistakes before ``needed`` right steps.

    The distribution is negative binomial, truncated at ``most``.
    """
    weights = [
        math.comb(needed + k - 1, k) * right_at_once**needed * (1 - right_at_once) ** k
        for k in range(most + 1)
    ]
    mean = sum(k * weight for k, weight in enumerate(weights)) / sum(weights)
    return mean, rng.choices(range(most + 1), weights)[0]


def spotting(trials: Sequence[Trial], rng: random.Random, autocorrelation: float = 0.0) -> Played:
    """A person whose pace depends on the number of pennants, with two error rates."""
    level, spread = rng.gauss(6.9, 0.25), rng.uniform(0.25, 0.45)
    shift = rng.uniform(200, 400)
    right = {"yes": min(rng.betavariate(18, 2), 0.995), "no": min(rng.betavariate(30, 2), 0.995)}
    sizes = {size: level + 0.03 * (size - 9) for size in {trial.key["size"] for trial in trials}}
    return _two_choice(
        trials,
        rng,
        rate=lambda trial, _: right[trial.key["answer"]],
        log_time=lambda trial, _: sizes[trial.key["size"]],
        spread=spread,
        shift=shift,
        other={"yes": "no", "no": "yes"},
        scales=("pace", "accuracy", "balance"),
        autocorrelation=autocorrelation,
    )


def switching(trials: Sequence[Trial], rng: random.Random, autocorrelation: float = 0.0) -> Played:
    """A person who is slower and less accurate right after a rule change."""
    level, spread = rng.gauss(6.2, 0.22), rng.uniform(0.25, 0.4)
    right, cost = min(rng.betavariate(24, 2), 0.99), rng.uniform(0.02, 0.3)
    return _two_choice(
        trials,
        rng,
        rate=lambda trial, before: right - 0.03 * _changed(trial, before),
        log_time=lambda trial, before: level + cost * _changed(trial, before),
        spread=spread,
        shift=250,
        other={"left": "right", "right": "left"},
        scales=("throughput", "accuracy"),
        autocorrelation=autocorrelation,
    )


def _changed(trial: Trial, before: Trial | None) -> bool:
    return (
        before is not None
        and before.round == trial.round
        and before.show["rule"] != trial.show["rule"]
    )


def _two_choice(
    trials: Sequence[Trial],
    rng: random.Random,
    *,
    rate: Callable,
    log_time: Callable,
    spread: float,
    shift: float,
    other: Mapping[str, str],
    scales: Sequence[str],
    autocorrelation: float,
) -> Played:
    clock, responses, before = Clock(), [], None
    wave, fresh = rng.gauss(0, 1), math.sqrt(1 - autocorrelation**2)
    rates, logs = [], []
    for trial in trials:
        rates.append(rate(trial, before))
        logs.append(log_time(trial, before))
        right = rng.random() < rates[-1]
        answer = trial.key["answer"] if right else other[trial.key["answer"]]
        wave = autocorrelation * wave + rng.gauss(0, fresh)
        ms = min(shift + math.exp(logs[-1] + spread * wave), trial.limit_ms - 1)
        responses.append(clock.response(trial, answer, ms))
        before = trial
    mean_ms = sum(shift + math.exp(m + spread**2 / 2) for m in logs) / len(logs)
    share = sum(rates) / len(rates)
    truths = {
        "pace": shift + _median(logs, rates, spread) if "pace" in scales else 0,
        "accuracy": 100 * share,
        "balance": 60_000 * share / mean_ms,
        "throughput": 60_000 * share / mean_ms,
    }
    return responses, {scale: truths[scale] for scale in scales}


def _median(logs: Sequence[float], weights: Sequence[float], spread: float) -> float:
    """Return the median of a weighted mixture of log-normal times, by bisection."""
    parts: dict[float, float] = {}
    for log, weight in zip(logs, weights, strict=True):
        parts[log] = parts.get(log, 0) + weight
    low, high, total = min(logs) - 1, max(logs) + 1, sum(weights)
    while high - low > 1e-6:
        middle = (low + high) / 2
        below = sum(w * NORMAL.cdf((middle - log) / spread) for log, w in parts.items())
        low, high = (middle, high) if below < total / 2 else (low, middle)
    return math.exp(low)
