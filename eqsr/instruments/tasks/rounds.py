"""Which trials of a task are done, and which are next."""

from collections.abc import Iterable, Sequence

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.tasks import validating
from eqsr.instruments.tasks.engines import ENGINES, skipped
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Trial, TrialOutcome
from eqsr.instruments.tasks.validating import Validation


def check(instrument: Instrument, trial: Trial, response: Response) -> TrialOutcome:
    """Check one response: was it right?"""
    return ENGINES[instrument.engine].check(trial, response)


def validate(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> Validation:
    """Decide which responses, in order of arrival, count."""
    return validating.validate(ENGINES[instrument.engine], trials, responses)


def to_do(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> list[Trial]:
    """The open trials of the current round; [] if the task is done."""
    engine = ENGINES[instrument.engine]
    return validating.due(engine, trials, validate(instrument, trials, responses).outcomes)


def progress(
    instrument: Instrument, trials: Sequence[Trial], responses: Iterable[Response]
) -> tuple[int, int]:
    """(rounds done, rounds in all); a stop rule may reduce the latter as the task goes on."""
    engine = ENGINES[instrument.engine]
    outcomes = validate(instrument, trials, responses).outcomes
    skip = skipped(engine, trials, outcomes)
    rounds = {trial.round for trial in trials if trial.number not in skip}
    left = {t.round for t in trials if t.number not in skip and t.number not in outcomes}
    return len(rounds - left), len(rounds)
