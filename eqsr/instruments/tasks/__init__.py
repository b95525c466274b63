"""Tasks: pure functions that make trials from a seed, check responses and score them.

In one sitting: ``generate`` makes the trials, which are stored. ``state`` is what the browser gets.
``receive`` returns the responses to store. ``score`` gives the result. Scoring the stored trials
and responses again gives the same result.
"""

from eqsr.instruments.tasks.browser import receive, state
from eqsr.instruments.tasks.engines import ENGINES
from eqsr.instruments.tasks.making import generate, practice, timed
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.rounds import check, progress, to_do, validate
from eqsr.instruments.tasks.scoring import left_out, score
from eqsr.instruments.tasks.trial import Measure, Trial, TrialOutcome, present
from eqsr.instruments.tasks.validating import Refusal, Validation

__all__ = [
    "ENGINES",
    "Measure",
    "Refusal",
    "Response",
    "Trial",
    "TrialOutcome",
    "Validation",
    "check",
    "generate",
    "left_out",
    "practice",
    "present",
    "progress",
    "receive",
    "score",
    "state",
    "timed",
    "to_do",
    "validate",
]
