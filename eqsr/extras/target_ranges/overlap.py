"""How a person's band lies to the range that a job seeks: in words, never a number."""

from enum import StrEnum

from eqsr.instruments.scoring import ScaleScore


class Overlap(StrEnum):
    """``UNKNOWN``: the score can't be interpreted, or is compared with nobody."""

    WITHIN = "within"
    OVERLAPS = "overlaps"
    ABOVE = "above"
    BELOW = "below"
    UNKNOWN = "unknown"


def overlap(score: ScaleScore | None, least: int, most: int) -> Overlap:
    """Where the score's 95 % band lies to stens ``least`` to ``most``, both included.

    Sten k holds the positions from k - 0.5 to k + 0.5; the outermost ones have no end. A band that
    touches the range overlaps it, so that doubt never counts against a person.
    """
    if score is None or not score.interpretable or not score.normed:
        return Overlap.UNKNOWN
    start = least - 0.5 if least > 1 else float("-inf")
    end = most + 0.5 if most < 10 else float("inf")
    if score.band_low > end:
        return Overlap.ABOVE
    if score.band_high < start:
        return Overlap.BELOW
    inside = start <= score.band_low and score.band_high <= end
    return Overlap.WITHIN if inside else Overlap.OVERLAPS
