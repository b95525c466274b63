"""One entry from answers to a result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eqsr.assessments.instruments.shape import Instrument, Norm, Scale
from eqsr.assessments.scoring.norming import (
    band_word,
    percentile,
    sten,
    sten_band,
    sten_position,
    t_score,
    z_score,
)
from eqsr.assessments.scoring.quality import Quality, quality
from eqsr.assessments.scoring.raw import Answer, raw_score
from eqsr.assessments.scoring.reliability import spearman_brown


@dataclass(frozen=True)
class ScaleScore:
    """A person's score on one scale.

    ``raw_sum`` and ``raw_mean`` are what was answered (higher = more; prorated if items are
    missing). ``position`` is the sten without steps (1 to 10), ``band_low`` and ``band_high`` the
    95 % band in stens, ``percentile`` in per cent, ``t`` with mean 50 and SD 10, ``band_word``
    low, mid or high. When ``interpretable`` is False all of these but the raw figures are None.
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


@dataclass(frozen=True)
class Result:
    """Everything that is computed from one sitting. ``to_dict`` is ready for JSON."""

    instrument_id: str
    instrument_version: str
    norm_id: str
    norm_version: str
    scales: tuple[ScaleScore, ...]
    quality: Quality

    @property
    def interpretable(self) -> bool:
        """Whether any scale can be read."""
        return any(score.interpretable for score in self.scales)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain dicts, lists, strings and numbers."""
        return asdict(self)


def score(instrument: Instrument, answers: Mapping[int, Answer], norm: Norm) -> Result:
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
    )


def _scale_score(
    instrument: Instrument,
    scale: Scale,
    answers: Mapping[int, Answer],
    norm: Norm,
    readable: bool,
) -> ScaleScore:
    options = [option.value for option in instrument.options]
    raw = raw_score(instrument.items_of(scale.id), answers, min(options), max(options))
    facts = {
        "scale": scale.id,
        "raw_sum": raw.sum,
        "raw_mean": raw.mean,
        "answered": raw.answered,
        "items": raw.items,
        "norm_id": norm.id,
        "norm_version": norm.version,
    }
    if raw.mean is None or not readable:
        return ScaleScore(**facts, interpretable=False)
    group = norm.scales[scale.id]
    z = z_score(raw.mean, group.mean, group.sd)
    # Fewer answered items measure less reliably: the band widens with the scale's length.
    reliability = spearman_brown(scale.reliability, raw.answered / raw.items)
    low, high = sten_band(z, reliability)
    return ScaleScore(
        **facts,
        interpretable=True,
        z=z,
        sten=sten(z),
        position=sten_position(z),
        percentile=percentile(z),
        t=t_score(z),
        band_low=low,
        band_high=high,
        band_word=band_word(sten(z)),
    )
