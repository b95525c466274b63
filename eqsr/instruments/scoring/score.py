"""Scoring a questionnaire: from its answers to a Result."""

from collections.abc import Mapping
from dataclasses import replace

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.norm_groups import Norm
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.scoring.careless_answers import quality
from eqsr.instruments.scoring.mean_interval import Spread, mean_band, spread
from eqsr.instruments.scoring.measurement_error import band, sem, sten_ends
from eqsr.instruments.scoring.norming import z_score
from eqsr.instruments.scoring.raw import ItemResponse, raw_score
from eqsr.instruments.scoring.reliability import spearman_brown
from eqsr.instruments.scoring.result import Result
from eqsr.instruments.scoring.scale_score import ScaleScore, compared

MIN_FOR_A_BAND = 4
"""Fewer answers than this say too little about their spread for a band of their mean."""


def score(instrument: Instrument, answers: Mapping[int, ItemResponse], norm: Norm) -> Result:
    """Score the answers (item number -> answer) against a norm group.

    Raises KeyError for an item that the instrument does not have, or a scale that the norm does
    not have, and ValueError for a value that is not one of the instrument's options.
    """
    options = {option.value for option in instrument.options}
    unknown = answers.keys() - {item.number for item in instrument.items}
    if unknown:
        raise KeyError(min(unknown))
    for number, answer in answers.items():
        if answer.value not in options:
            raise ValueError(f"answer {answer.value} to item {number} is not an option")
    judged = quality(instrument, answers)
    within = _spread_within_facets(instrument, answers)
    return Result(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        norm_id=norm.id,
        norm_version=norm.version,
        scales=tuple(
            _scale_score(instrument, scale, answers, norm, judged.interpretable)
            for scale in instrument.scales
        ),
        quality=judged,
        facets=tuple(
            _scale_score(instrument, facet, answers, norm, judged.interpretable, within)
            for facet in instrument.facets
        ),
    )


def _scale_score(
    instrument: Instrument,
    scale: Scale,
    answers: Mapping[int, ItemResponse],
    norm: Norm,
    readable: bool,
    within: Spread | None = None,
) -> ScaleScore:
    options = [option.value for option in instrument.options]
    raw = raw_score(instrument.items_of(scale.id), answers, min(options), max(options))
    unread = ScaleScore(
        scale=scale.id,
        raw_sum=raw.sum,
        raw_mean=raw.mean,
        answered=raw.answered,
        items=raw.items,
        norm_id=norm.id,
        norm_version=norm.version,
        interpretable=False,
        raw=raw.mean,
    )
    if raw.mean is None or not readable:
        return unread
    if norm.n == 0 or (scale.part_of and scale.id not in norm.scales):
        if raw.answered < MIN_FOR_A_BAND:
            return unread
        own = within or spread([raw.values])
        raw_low, raw_high = mean_band(raw.values, own, min(options), max(options))
        return replace(unread, interpretable=True, raw_low=raw_low, raw_high=raw_high)
    group = norm.scales[scale.id]
    z = z_score(raw.mean, group.mean, group.sd)
    if scale.reliability is None:
        raise ValueError(f"the reliability of scale {scale.id} is not known")
    # Fewer answered items measure less reliably: the band widens with the scale's length.
    reliability = spearman_brown(scale.reliability, raw.answered / raw.items)
    # The reliability belongs to the published group, so the error of measurement, SD sqrt(1 - r),
    # uses that group's SD. An organisation's own group may have a smaller SD, which does not make
    # anyone's answers more precise.
    error = sem(instrument.norm.scales.get(scale.id, group).sd, reliability)
    raw_low, raw_high = band(raw.mean, error)
    read = replace(unread, interpretable=True, raw_low=raw_low, raw_high=raw_high)
    return compared(read, z, sten_ends(z, error / group.sd))


def _spread_within_facets(
    instrument: Instrument, answers: Mapping[int, ItemResponse]
) -> Spread | None:
    """The spread of answers within facets, pooled; None if too few are answered.

    It is pooled because the four answers of one facet may be equal by chance.
    """
    options = [option.value for option in instrument.options]
    raws = [
        raw_score(instrument.items_of(facet.id), answers, min(options), max(options))
        for facet in instrument.facets
    ]
    groups = [raw.values for raw in raws if raw.values]
    return spread(groups) if sum(len(values) - 1 for values in groups) >= 3 else None
