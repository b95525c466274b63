"""Scoring a questionnaire: from its answers to a Result."""

from collections.abc import Mapping
from dataclasses import replace

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.norm_groups import Norm
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.scoring.careless_answers import quality
from eqsr.instruments.scoring.interval import Band
from eqsr.instruments.scoring.mean_interval import Spread, mean_band, spread
from eqsr.instruments.scoring.measurement_error import regressed, regressed_band, sten_ends
from eqsr.instruments.scoring.norming import percentile_among, z_score
from eqsr.instruments.scoring.raw import ItemResponse, RawScore, raw_score
from eqsr.instruments.scoring.reliability import spearman_brown
from eqsr.instruments.scoring.result import Result
from eqsr.instruments.scoring.scale_score import ScaleScore, compared

MIN_FOR_A_BAND = 4
"""Fewer answers than this say too little about their spread for a band of their mean."""
DAY_TO_DAY = 0.10
"""Share of the variance of a scale that changes from one day to another.

About a tenth for scales of the Big Five, from 682 retest correlations within two months (Gnambs
2014, Journal of Research in Personality 52, 20-28). Coefficient alpha does not count it as error.
"""


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
    band = _raw_band(instrument, scale, raw, within)
    if band is None:
        return unread
    read = replace(unread, interpretable=True, raw_low=band[0], raw_high=band[1])
    if norm.n == 0 or (scale.part_of and scale.id not in norm.scales):
        return read
    group = norm.scales[scale.id]
    ends = (z_score(end, group.mean, group.sd) for end in band)
    z = z_score(raw.mean, group.mean, group.sd)
    return compared(read, z, sten_ends(*ends), percentile_among(raw.mean, group.quantiles))


def _raw_band(
    instrument: Instrument, scale: Scale, raw: RawScore, within: Spread | None
) -> Band | None:
    """The band in the answers' own unit; None if too few answers were given to say how sure it is.

    It rests on the published group, to which the reliability belongs, and without one on how much
    the person's answers differ. An organisation's own group never moves it: whom people are
    compared with makes nobody's answers more or less exact.
    """
    options = [option.value for option in instrument.options]
    least, most = min(options), max(options)
    published = instrument.norm.scales.get(scale.id)
    if raw.mean is None:
        return None
    if published is not None and scale.reliability is not None:
        # Fewer answered items measure less reliably: the band widens with the scale's length.
        alpha = spearman_brown(scale.reliability, raw.answered / raw.items)
        low, high = regressed_band(
            raw.mean, published.mean, published.sd, max(0.0, alpha - DAY_TO_DAY)
        )
        return max(least, low), min(most, high)
    if raw.answered < MIN_FOR_A_BAND:
        return None
    low, high = mean_band(raw.values, within or spread([raw.values]), least, most)
    # Where a group's mean is not known, the middle of the answers stands for it.
    nearer = regressed(raw.mean, (least + most) / 2, scale.reliability or 1) - raw.mean
    return max(least, low + min(0, nearer)), min(most, high + max(0, nearer))


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
