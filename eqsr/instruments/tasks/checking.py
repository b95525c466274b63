"""Checking that the trials of a task's folder work, before anyone plays the task."""

import json
from pathlib import Path
from typing import Any

from eqsr.instruments.tasks.engines import ENGINES
from eqsr.instruments.tasks.trial import Trial, present

SEEDS = range(5)
SECRETS = ("answer", "difficulty", "scored")


def check_trials(folder: Path, manifest: dict[str, Any], scale_ids: list[str]) -> list[str]:
    """List the problems of a task's trials: practice, whole tasks of several seeds, and the key."""
    engine = ENGINES.get(manifest["engine"])
    if engine is None:
        return [f"instrument.json: there is no engine {manifest['engine']}"]
    try:
        bank = folder / "bank.json"
        more = json.loads(bank.read_text(encoding="utf-8")) if bank.is_file() else {}
        parameters = manifest["parameters"] | more
        damaged = _check_structures(engine, parameters)
        if damaged:
            return damaged
        practice = engine.generate(0, parameters | manifest["practice"])
        tasks = [engine.generate(seed, parameters) for seed in SEEDS]
        again = engine.generate(SEEDS[0], parameters)
        scored = {measure.scale for measure in engine.measures(tasks[0], {})}
        problems = [f"practice: {problem}" for problem in engine.prove(practice)]
        for seed, trials in zip(SEEDS, tasks, strict=True):
            problems += [f"seed {seed}: {problem}" for problem in engine.prove(trials)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return [f"instrument.json: no trials can be made: {type(error).__name__} {error}"]
    if not practice:
        problems.append("practice: has no trials")
    if tasks[0] != again:
        problems.append("the same seed does not give the same trials")
    if scored != set(scale_ids):
        problems.append(f"the engine scores {sorted(scored)}, not the scales of the instrument")
    return problems + _check_order(tasks[0]) + _check_secrecy(tasks[0])


def _check_structures(engine: Any, parameters: dict[str, Any]) -> list[str]:
    # Some seeds use only a part of a bank, so the whole bank is checked.
    prove_bank = getattr(engine, "prove_bank", None)
    return prove_bank(parameters) if prove_bank else []


def _check_order(trials: list[Trial]) -> list[str]:
    numbers, rounds = [t.number for t in trials], [t.round for t in trials]
    if numbers != list(range(1, len(trials) + 1)) or rounds != sorted(rounds):
        return ["trials are not numbered in the order in which they are played"]
    return []


def _check_secrecy(trials: list[Trial]) -> list[str]:
    """List what the browser would get of the key."""
    leaked = {name for trial in trials for name in SECRETS if name in present(trial)}
    return [f"the browser would be told the {name}" for name in sorted(leaked)]
