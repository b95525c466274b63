"""One entry from answers to a result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from eqsr.instruments.definitions.shape import Instrument, Norm, Scale
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

FEWEST_FOR_A_BAND = 4
"""Fewer answers differ too little by chance to say how sure their mean is."""


@dataclass(frozen=True)
class ScaleScore:
    """A person's score on one scale.

    ``raw_sum`` and ``raw_mean`` are what was answered (higher = more; prorated if items are
    missing). ``position`` is the sten without steps (1 to 10), ``band_low`` and ``band_high`` the
    95 % band in stens, ``percentile`` in per cent, ``t`` with mean 50 and SD 10, ``band_word``
    low, mid or high. When ``interpretable`` is False all of these but the raw figures are None.
    They are None too while there is no norm; ``normed`` tells.

    ``raw`` is the score in the scale's own unit, ``raw_low`` and ``raw_high`` its 95 % band there,
    as far as it can be told without a norm. ``halves`` are the scores of the two halves of a task,
    from which the reliability among many people is found (reliability.split_half).
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
        """Whether the score is compared with anybody."""
        return self.sten is not None


@dataclass(frozen=True)
class Result:
    """Everything that is computed from one sitting. ``to_dict`` is ready for JSON.

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
        """Whether any scale can be read."""
        return any(score.interpretable for score in self.scales)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain dicts, lists, strings and numbers."""
        return asdict(self)


def score(instrument: Instrument, answers: Mapping[int, ItemResponse], norm: Norm) -> Result:
    """Score the answers (item number -> Answer) against a norm group. Order does not matter.

    Raises KeyError for an item or a scale that the instrument or the norm does not know, and
    ValueError for a value that is not one of the instrument's options.
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
        if raw.answered < FEWEST_FOR_A_BAND:
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
    # A reliability goes with the spread of a group; the error of measurement, SD sqrt(1 - r), with
    # the answers. An organisation's own group may be narrower than the published one, which makes
    # nobody's answers more exact.
    error = sem(instrument.norm.scales.get(scale.id, group).sd, reliability)
    raw_low, raw_high = band(raw.mean, error)
    read = replace(unread, interpretable=True, raw_low=raw_low, raw_high=raw_high)
    return compared(read, z, sten_ends(z, error / group.sd))


def _spread_within_facets(
    instrument: Instrument, answers: Mapping[int, ItemResponse]
) -> Spread | None:
    """How much answers differ within facets, all of them together, because the four answers of
    one facet may be equal by chance. None when too few are answered."""
    options = [option.value for option in instrument.options]
    raws = [
        raw_score(instrument.items_of(facet.id), answers, min(options), max(options))
        for facet in instrument.facets
    ]
    groups = [raw.values for raw in raws if raw.values]
    return spread(groups) if sum(len(values) - 1 for values in groups) >= 3 else None


def compared(read: ScaleScore, z: float, band: tuple[float, float]) -> ScaleScore:
    """The score with what a z in the norm group says, and its ``band`` in stens."""
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
