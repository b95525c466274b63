"""The kinds of task. An instrument's folder names one and gives it parameters."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from eqsr.instruments.tasks import ferry, matrix, n_back, span, spotting, switching
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome


class Engine(Protocol):
    """What a module of this folder has to offer as an engine; all functions are pure.

    It may also have ``skipped(trials, outcomes)``, the numbers of trials that a stop rule leaves
    out, and ``signs(trials, outcomes)`` with ``LIMITS``, its own measures of careless playing.
    """

    def generate(self, seed: int, parameters: Mapping[str, Any]) -> list[Trial]:
        """Make the trials of one sitting; the same seed gives the same trials."""

    def check(self, trial: Trial, response: Response) -> TrialOutcome:
        """Decide whether a well-formed response is right."""

    def well_formed(self, trial: Trial, response: Any) -> bool:
        """Whether ``response`` is an answer that the trial can have."""

    def fastest_ms(self, trial: Trial) -> int:
        """Milliseconds below which an answer was given without thinking."""

    def measures(
        self, trials: Sequence[Trial], outcomes: Mapping[int, TrialOutcome]
    ) -> list[Measure]:
        """Score the outcomes (trial number -> outcome), one measure per scale."""

    def prove(self, trials: Sequence[Trial]) -> list[str]:
        """List the problems of generated trials; empty if there are none."""


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
    """Numbers of the trials that the engine's stop rule leaves out."""
    rule = getattr(engine, "skipped", None)
    return rule(trials, outcomes) if rule else set()
