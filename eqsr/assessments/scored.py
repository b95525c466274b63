"""From what is stored of a sitting to its scores, as often as one likes."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from eqsr.assessments import scoring, tasks
from eqsr.assessments.catalogue import Norm
from eqsr.assessments.models import Score, Sitting
from eqsr.assessments.records import answers_of, instrument_of, responses_of
from eqsr.assessments.scoring import Result
from eqsr.assessments.tasks import Trial


def result_of(sitting: Sitting, norm: Norm | None = None) -> Result:
    """Score what is stored, against the instrument's own norm unless another one is named.

    The stored answers, trials and responses are all it looks at: it gives the same every time.
    """
    instrument = instrument_of(sitting)
    if sitting.left_out:
        return tasks.left_out(instrument, trials_of(sitting))
    if instrument.kind == "task":
        return tasks.score(instrument, trials_of(sitting), responses_of(sitting), norm)
    answers = {
        item: scoring.Answer(row.value, row.response_ms)
        for item, row in answers_of(sitting).items()
    }
    return scoring.score(instrument, answers, norm or instrument.norm)


def trials_of(sitting: Sitting) -> list[Trial]:
    """The trials of a task, as they were given."""
    return [Trial.from_dict(one) for one in sitting.trials or ()]


def keep(session: Session, sitting: Sitting, result: Result) -> None:
    """Add the scores of scales and facets, and what stood out of the answers."""
    sitting.quality = [asdict(flag) for flag in result.quality.flags]
    for scale in (*result.scales, *result.facets):
        session.add(
            Score(
                sitting_id=sitting.id,
                scale=scale.scale,
                norm_id=scale.norm_id,
                norm_version=scale.norm_version,
                outcome=asdict(scale),
            )
        )
