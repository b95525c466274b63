"""The kinds of task there are. An instrument's folder names one and gives it parameters."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from eqsr.instruments.tasks import ferry, matrix, n_back, span, spotting, switching
from eqsr.instruments.tasks.trial import Measure, Response, Trial, TrialOutcome


class Engine(Protocol):
    """What a module of this folder offers to be an engine; the functions are pure.

    It may also have ``skipped(trials, outcomes)``, numbers of trials that a stop rule leaves out,
    and ``signs(trials, outcomes)`` with ``LIMITS``, measures of careless playing of its own.
    """

    def generate(self, seed: int, parameters: Mapping[str, Any]) -> list[Trial]: ...

    def check(self, trial: Trial, response: Response) -> TrialOutcome: ...

    def well_formed(self, trial: Trial, response: Any) -> bool: ...

    def fastest_ms(self, trial: Trial) -> int: ...

    def measures(
        self, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
    ) -> list[Measure]: ...

    def prove(self, trials: Sequence[Trial]) -> list[str]: ...


ENGINES: dict[str, Engine] = {
    "span": span,
    "n_back": n_back,
    "ferry": ferry,
    "matrix": matrix,
    "spotting": spotting,
    "switching": switching,
}


def skipped(
    engine: Engine, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
) -> set[int]:
    """Numbers of the trials that the engine's stop rule leaves out; none without such a rule."""
    rule = getattr(engine, "skipped", None)
    return rule(trials, outcomes) if rule else set()
