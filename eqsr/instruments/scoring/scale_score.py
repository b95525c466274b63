"""A person's score on one scale, and its comparison with a norm group."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from eqsr.instruments.scoring.norming import (
    band_word,
    percentile,
    sten,
    sten_position,
    t_score,
)


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


def compared(
    read: ScaleScore, z: float, band: tuple[float, float], percent: float | None = None
) -> ScaleScore:
    """Add the standard scores of ``z`` in the norm group, and the ``band`` in stens.

    ``percent``: percentile counted in the group; None if only its mean and spread are known.
    """
    low, high = band
    return replace(
        read,
        z=z,
        sten=sten(z),
        position=sten_position(z),
        percentile=percentile(z) if percent is None else percent,
        t=t_score(z),
        band_low=low,
        band_high=high,
        band_word=band_word(sten(z)),
    )
