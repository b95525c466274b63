"""Signal detection: how well a person tells targets from the rest (n-back and the like)."""

from dataclasses import dataclass
from statistics import NormalDist

NORMAL = NormalDist()


@dataclass(frozen=True)
class Detection:
    """``d_prime``: distance between target and noise in SDs. ``bias``: c, above 0 is cautious."""

    d_prime: float
    bias: float


def detection(hits: int, targets: int, false_alarms: int, others: int) -> Detection:
    """d' = Z(H) - Z(F) and c = -(Z(H) + Z(F)) / 2, with log-linear rates (h + .5) / (n + 1).

    The correction (Hautus 1995) keeps d' finite when all or none are right. Raises ValueError for
    counts that cannot be.
    """
    hit, alarm = _z_rate(hits, targets), _z_rate(false_alarms, others)
    return Detection(d_prime=hit - alarm, bias=-(hit + alarm) / 2)


def _z_rate(count: int, total: int) -> float:
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"{count} of {total} is impossible")
    return NORMAL.inv_cdf((count + 0.5) / (total + 1))
