"""Signal detection: how well a person distinguishes targets from other stimuli (as in n-back)."""

from dataclasses import dataclass
from statistics import NormalDist

from eqsr.instruments.scoring.interval import Band, difference_band, wilson

NORMAL = NormalDist()


@dataclass(frozen=True)
class Detection:
    """``d_prime``: distance between target and noise in SDs. ``bias``: c; above 0 is cautious."""

    d_prime: float
    bias: float


def detection(hits: int, targets: int, false_alarms: int, others: int) -> Detection:
    """d' = Z(H) - Z(F) and c = -(Z(H) + Z(F)) / 2, with log-linear rates (h + .5) / (n + 1).

    The correction (Hautus 1995) keeps d' finite when all or none are right. Raises ValueError for
    impossible counts.
    """
    hit, alarm = _z_rate(hits, targets), _z_rate(false_alarms, others)
    return Detection(d_prime=hit - alarm, bias=-(hit + alarm) / 2)


def d_prime_band(hits: int, targets: int, false_alarms: int, others: int) -> Band:
    """95 % band of d', from the Wilson intervals of the two rates after the Z transform.

    A rate of 0 or 1 would give an infinite end; the corrected rate is used instead.
    """
    hit, alarm = _z_rate(hits, targets), _z_rate(false_alarms, others)
    return difference_band(hit, _z_band(hits, targets), alarm, _z_band(false_alarms, others))


def _z_band(count: int, total: int) -> Band:
    middle, floor, ceiling = _z_rate(count, total), _z_rate(0, total), _z_rate(total, total)
    low, high = wilson(count, total)
    low_z = NORMAL.inv_cdf(low) if count > 0 else floor
    high_z = NORMAL.inv_cdf(high) if count < total else ceiling
    return min(middle, low_z), max(middle, high_z)


def _z_rate(count: int, total: int) -> float:
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"{count} of {total} is impossible")
    return NORMAL.inv_cdf((count + 0.5) / (total + 1))
