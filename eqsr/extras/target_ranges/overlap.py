"""Where a person's band lies relative to a job's target range: a category, never a number."""

from enum import StrEnum

from eqsr.instruments.scoring import ScaleScore


class Overlap(StrEnum):
    """``UNKNOWN``: the score can't be interpreted or has no norm."""

    WITHIN = "within"
    OVERLAPS = "overlaps"
    ABOVE = "above"
    BELOW = "below"
    UNKNOWN = "unknown"


def overlap(score: ScaleScore | None, least: int, most: int) -> Overlap:
    """Where the score's 95 % band lies relative to stens ``least`` to ``most``, both included.

    Sten k covers positions k - 0.5 to k + 0.5; stens 1 and 10 are open-ended. A band that
    touches the range overlaps it, so that doubt never counts against a person.
    """
    if score is None or not score.interpretable or not score.normed:
        return Overlap.UNKNOWN
    low, high = score.band_low, score.band_high
    if low is None or high is None:
        return Overlap.UNKNOWN
    start = least - 0.5 if least > 1 else float("-inf")
    end = most + 0.5 if most < 10 else float("inf")
    if low > end:
        return Overlap.ABOVE
    if high < start:
        return Overlap.BELOW
    inside = start <= low and high <= end
    return Overlap.WITHIN if inside else Overlap.OVERLAPS
