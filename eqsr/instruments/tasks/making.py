"""Making the trials of a task, for practice and for the sitting."""

from typing import Any

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.tasks.engines import ENGINES
from eqsr.instruments.tasks.trial import Trial, present

TIMES = ("limit_ms", "pace_ms")
"""Parameters that extra time stretches."""


def generate(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[Trial]:
    """Make all trials of one sitting. ``time_factor`` stretches every time limit.

    The factor (extra time) is chosen before the start and never applied afterwards.
    """
    return ENGINES[instrument.engine].generate(seed, _timed(instrument.parameters, time_factor))


def practice(instrument: Instrument, seed: int, *, time_factor: float = 1) -> list[dict[str, Any]]:
    """Make practice trials as the browser gets them, with their answers. They are never scored."""
    parameters = {**instrument.parameters, **instrument.practice}
    trials = ENGINES[instrument.engine].generate(seed, _timed(parameters, time_factor))
    return [present(trial, practice=True) for trial in trials]


def timed(instrument: Instrument) -> bool:
    """Whether the task has a time limit or a pace, which extra time would stretch."""
    return any(instrument.parameters.get(name) for name in TIMES)


def _timed(parameters: Any, factor: float) -> dict[str, Any]:
    stretched = {name: round(parameters[name] * factor) for name in TIMES if parameters.get(name)}
    return {**parameters, **stretched}
