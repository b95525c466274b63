"""Scoring a task: from its trials and responses to a Result, as for a questionnaire."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from eqsr.core.messages import N_
from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.norm_groups import NO_NORM, Norm
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.scoring.measurement_error import sten_ends
from eqsr.instruments.scoring.norming import percentile_among, z_score
from eqsr.instruments.scoring.quality import Flag, Quality
from eqsr.instruments.scoring.result import Result
from eqsr.instruments.scoring.scale_score import ScaleScore, compared
from eqsr.instruments.tasks import careless
from eqsr.instruments.tasks.engines import ENGINES
from eqsr.instruments.tasks.response import Response
from eqsr.instruments.tasks.trial import Measure, Trial
from eqsr.instruments.tasks.validating import validate


def score(
    instrument: Instrument,
    trials: Sequence[Trial],
    responses: Iterable[Response],
    norm: Norm | None = None,
) -> Result:
    """Score the responses, given in order of arrival.

    Without a norm group, scores have only their own unit (``raw`` with its band); sten, percentile
    and T are None. ``quality`` holds what was flagged or refused.
    """
    norm = norm or instrument.norm
    engine = ENGINES[instrument.engine]
    validation = validate(engine, trials, responses)
    quality = careless.judge(engine, trials, validation)
    measured = {m.scale: m for m in engine.measures(trials, validation.outcomes)}
    return Result(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        norm_id=norm.id,
        norm_version=norm.version,
        scales=tuple(
            _scale_score(scale, measured[scale.id], norm, quality.interpretable)
            for scale in instrument.scales
        ),
        quality=quality,
    )


def left_out(instrument: Instrument, trials: Sequence[Trial]) -> Result:
    """The result if the candidate could not take the task: not interpretable, rather than low."""
    flag = Flag("left_out", 0, 0, True, N_("This part was left out: the person could not take it."))
    return replace(score(instrument, trials, ()), quality=Quality(False, (flag,), {}))


def _scale_score(scale: Scale, measure: Measure, norm: Norm, readable: bool) -> ScaleScore:
    unread = ScaleScore(
        scale=scale.id,
        raw_sum=None,
        raw_mean=None,
        answered=measure.answered,
        items=measure.items,
        norm_id=norm.id,
        norm_version=norm.version,
        interpretable=False,
        raw=measure.raw,
        halves=measure.halves,
    )
    if measure.raw is None or not readable:
        return unread
    if measure.low is None or measure.high is None:
        raise ValueError(f"the score on {scale.id} has no band")
    # A band of what is behind the score may lie beside it at the ends, where guessing helps.
    band = min(measure.low, measure.raw), max(measure.high, measure.raw)
    read = replace(unread, interpretable=True, raw_low=band[0], raw_high=band[1])
    if norm is NO_NORM or scale.id not in norm.scales:
        return read
    group = norm.scales[scale.id]
    ends = (z_score(end, group.mean, group.sd) for end in band)
    z = z_score(measure.raw, group.mean, group.sd)
    return compared(read, z, sten_ends(*ends), percentile_among(measure.raw, group.quantiles))
