"""Plays tasks without a browser: all right, all wrong, or a mixture."""

import random
from collections.abc import Callable, Sequence

from eqsr.instruments import tasks
from eqsr.instruments.catalogue import Instrument, instruments
from eqsr.instruments.tasks import Response, Trial
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import Puzzle

TASKS = [one for one in instruments() if one.kind == "task"]
MS = {
    "span": 9000,
    "n_back": 700,
    "ferry": 40_000,
    "matrix": 20_000,
    "spotting": 1200,
    "switching": 800,
}


def answer(instrument: Instrument, trial: Trial, right: bool) -> object:
    """An answer that the engine takes to be right, or one that it takes to be wrong."""
    key = trial.key
    match instrument.engine:
        case "span":
            return key["answer"] if right else key["answer"][:1]
        case "n_back":
            return key["answer"] == right
        case "ferry":
            moves = [list(load) for load in analyse(Puzzle.from_dict(trial.show)).path]
            return moves if right else moves[:-1]
        case "matrix":
            return key["answer"] if right else (key["answer"] + 1) % 8
        case "spotting":
            return key["answer"] if right else {"yes": "no", "no": "yes"}[key["answer"]]
        case "switching":
            return key["answer"] if right else {"left": "right", "right": "left"}[key["answer"]]
    raise AssertionError(instrument.engine)


def play(
    instrument: Instrument,
    trials: Sequence[Trial],
    right: Callable[[Trial], bool] = lambda trial: True,
    **changes,
) -> list[Response]:
    """Every due trial in order, one after the other, with times that somebody could have."""
    rng, responses, clock, outcomes = random.Random(1), [], 0.0, {}
    engine = tasks.ENGINES[instrument.engine]
    while due := tasks.validating.due(engine, trials, outcomes):
        for trial in due:
            ms = MS[instrument.engine] * rng.uniform(0.8, 1.2)
            given = answer(instrument, trial, right(trial))
            known = {"response_ms": ms, "shown_at": clock, "load": "page"} | changes
            responses.append(Response(trial.number, given, **known))
            outcomes[trial.number] = engine.check(trial, responses[-1])
            clock += ms + 400
    return responses


def mixed(seed: int, share: float = 0.8) -> Callable[[Trial], bool]:
    """Right at about this share of the trials, always the same ones for a seed."""
    return lambda trial: random.Random(f"{seed} {trial.number}").random() < share
