"""Whether two people's scores differ by more than measurement error."""

from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.interval import Band, difference_band


def difference(first: ScaleScore, second: ScaleScore) -> Band | None:
    """The 95 % band of first - second in the scale's own unit; None if either band is missing.

    It follows from classical test theory, X = T + E: two people's errors are independent, so the
    variance of (X1 - X2) - (T1 - T2) = E1 - E2 is the sum of theirs. With two even bands of
    +- 1.96 SEM that is d +- 1.96 SEM sqrt(2) (docs/fairness.md). Bands are lopsided, so each side
    is computed separately (Zou & Donner 2008, see scoring.interval). The scale's own unit
    keeps the norm group, rounding to stens and the ends of the sten scale out of the result.
    """
    one, other = _measured(first), _measured(second)
    return None if one is None or other is None else difference_band(*one, *other)


def differs(first: ScaleScore, second: ScaleScore) -> bool | None:
    """Whether the band of the difference excludes 0; None if there is no such band."""
    band = difference(first, second)
    return None if band is None else not band[0] <= 0 <= band[1]


def _measured(score: ScaleScore) -> tuple[float, Band] | None:
    """The score and its band in the scale's own unit; None if either is missing."""
    if not score.interpretable or score.raw is None:
        return None
    if score.raw_low is None or score.raw_high is None:
        return None
    return score.raw, (score.raw_low, score.raw_high)
