"""Scoring a sitting from its stored answers and trials, and storing the scores."""

import json
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from eqsr.instruments import scoring, tasks
from eqsr.instruments.catalogue import Norm
from eqsr.instruments.scoring import Result
from eqsr.instruments.tasks import Trial
from eqsr.norms import service as norms
from eqsr.sittings.models import Score, Sitting
from eqsr.sittings.records import answers_of, instrument_of, responses_of, scores_of


def result_of(sitting: Sitting, norm: Norm | None = None) -> Result:
    """Score the sitting against ``norm`` or, by default, the job's norm.

    Uses only the stored answers, trials and responses, so scoring again gives the same result.
    """
    instrument = instrument_of(sitting)
    if sitting.left_out:
        return tasks.left_out(instrument, trials_of(sitting))
    norm = norm or norms.norm_for(sitting.invitation, instrument)
    if instrument.kind == "task":
        return tasks.score(instrument, trials_of(sitting), responses_of(sitting), norm)
    answers = {
        item: scoring.ItemResponse(row.value, row.response_ms)
        for item, row in answers_of(sitting).items()
    }
    return scoring.score(instrument, answers, norm)


def partial_result_of(sitting: Sitting, norm: Norm | None = None) -> Result:
    """Score a questionnaire that the clock ended: only scales with enough answers.

    Enough is ``raw.ENOUGH_ANSWERED`` of a scale's items. A scale with fewer is left out, rather
    than called not interpretable, which would say something about how it was answered.
    """
    result = result_of(sitting, norm)
    scales = tuple(one for one in result.scales if one.raw_mean is not None)
    return replace(
        result,
        scales=scales,
        facets=tuple(one for one in result.facets if one.raw_mean is not None) if scales else (),
    )


def trials_of(sitting: Sitting) -> list[Trial]:
    """The trials of a task, as they were shown."""
    return [Trial.from_dict(one) for one in sitting.trials or ()]


def store(session: Session, sitting: Sitting, result: Result) -> bool:
    """Make these the current scores and keep earlier ones; return whether any score changed."""
    sitting.quality = [asdict(flag) for flag in result.quality.flags]
    before = {score.scale: score for score in scores_of(sitting)}
    changed = False
    for scale in (*result.scales, *result.facets):
        old = before.get(scale.scale)
        outcome = json.loads(json.dumps(asdict(scale)))
        if old is not None and old.outcome == outcome:
            continue
        changed = True
        if old is not None:
            old.is_current = False
            session.flush()
        session.add(
            Score(
                sitting_id=sitting.id,
                scale=scale.scale,
                version=old.version + 1 if old else 1,
                norm_id=scale.norm_id,
                norm_version=scale.norm_version,
                outcome=outcome,
            )
        )
    return changed
