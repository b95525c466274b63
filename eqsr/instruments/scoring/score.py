"""Scoring a questionnaire: from its answers to a Result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.norm_groups import Norm
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.scoring.interval import Spread, mean_band, spread
from eqsr.instruments.scoring.norming import (
    band,
    band_word,
    percentile,
    sem,
    sten,
    sten_ends,
    sten_position,
    t_score,
    z_score,
)
from eqsr.instruments.scoring.quality import Quality, quality
from eqsr.instruments.scoring.raw import ItemResponse, raw_score
from eqsr.instruments.scoring.reliability import spearman_brown

MIN_FOR_A_BAND = 4
"""Fewer answers than this say too little about their spread for a band of their mean."""


class Estimate(NamedTuple):
    """A score (``point``) with the ends of its 95 % band, all in one unit."""

    low: float
    high: float
    point: float


@dataclass(frozen=True)
class ScaleScore:
    """A person's score on one scale.

    ``raw_sum`` and ``raw_mean`` are a questionnaire's raw scores (higher = more; prorated if items
    are missing). ``position`` is the unrounded sten (1 to 10), ``band_low`` and ``band_high`` the
    95 % band in stens, ``percentile`` in per cent, ``t`` with mean 50 and SD 10, ``band_word`` low,
    mid or high. These are None if the score is not ``interpretable`` or has no norm (``normed``).

    ``raw`` is the score in the scale's own unit, with its 95 % band ``raw_low`` and ``raw_high``,
    if known. ``halves`` are the scores of the two halves of a task, from which
    reliability.split_half computes the reliability among many people.
    """

    scale: str
    raw_sum: float | None
    raw_mean: float | None
    answered: int
    items: int
    norm_id: str
    norm_version: str
    interpretable: bool
    z: float | None = None
    sten: int | None = None
    position: float | None = None
    percentile: float | None = None
    t: float | None = None
    band_low: float | None = None
    band_high: float | None = None
    band_word: str | None = None
    raw: float | None = None
    raw_low: float | None = None
    raw_high: float | None = None
    halves: tuple[float, float] | None = None

    @property
    def normed(self) -> bool:
        """Whether the score is compared with a norm group."""
        return self.sten is not None

    @property
    def in_stens(self) -> Estimate | None:
        """The sten without steps and its band; None unless the score is normed."""
        return _estimate(self.band_low, self.band_high, self.position)

    @property
    def in_own_unit(self) -> Estimate | None:
        """The raw score and its band; None when the score can't be interpreted."""
        if not self.interpretable:
            return None
        return _estimate(self.raw_low, self.raw_high, self.raw)


def _estimate(low: float | None, high: float | None, point: float | None) -> Estimate | None:
    if low is None or high is None or point is None:
        return None
    return Estimate(low, high, point)


@dataclass(frozen=True)
class Result:
    """Everything that is computed from one sitting.

    ``facets`` are parts of the scales, measured less precisely.
    """

    instrument_id: str
    instrument_version: str
    norm_id: str
    norm_version: str
    scales: tuple[ScaleScore, ...]
    quality: Quality
    facets: tuple[ScaleScore, ...] = ()

    @property
    def interpretable(self) -> bool:
        """Whether any scale is interpretable."""
        return any(score.interpretable for score in self.scales)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain dicts, lists, strings and numbers."""
        return asdict(self)


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


def compared(read: ScaleScore, z: float, band: tuple[float, float]) -> ScaleScore:
    """Add the standard scores of ``z`` in the norm group, and the ``band`` in stens."""
    low, high = band
    return replace(
        read,
        z=z,
        sten=sten(z),
        position=sten_position(z),
        percentile=percentile(z),
        t=t_score(z),
        band_low=low,
        band_high=high,
        band_word=band_word(sten(z)),
    )
