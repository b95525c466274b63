"""How a band lies to a range, at its edges."""

from dataclasses import replace

import pytest

from eqsr.extras.target_ranges.overlap import Overlap, overlap
from eqsr.instruments.scoring import ScaleScore

SCORE = ScaleScore(
    scale="extraversion",
    raw_sum=30,
    raw_mean=3.0,
    answered=10,
    items=10,
    norm_id="n",
    norm_version="1",
    interpretable=True,
    sten=5,
)


@pytest.mark.parametrize(
    ("band", "sought", "found"),
    [
        ((4.0, 6.0), (4, 6), Overlap.WITHIN),
        ((3.5, 6.5), (4, 6), Overlap.WITHIN),
        ((3.4, 6.5), (4, 6), Overlap.OVERLAPS),
        ((3.5, 6.6), (4, 6), Overlap.OVERLAPS),
        ((6.5, 9.0), (4, 6), Overlap.OVERLAPS),
        ((6.6, 9.0), (4, 6), Overlap.ABOVE),
        ((1.0, 3.5), (4, 6), Overlap.OVERLAPS),
        ((1.0, 3.4), (4, 6), Overlap.BELOW),
        ((2.0, 9.0), (4, 6), Overlap.OVERLAPS),
        ((8.0, 10.0), (7, 10), Overlap.WITHIN),
        ((1.0, 2.0), (1, 3), Overlap.WITHIN),
        ((3.6, 5.0), (1, 3), Overlap.ABOVE),
        ((5.0, 6.4), (7, 10), Overlap.BELOW),
    ],
)
def test_where_the_band_lies(band, sought, found):
    score = replace(SCORE, band_low=band[0], band_high=band[1])
    assert overlap(score, *sought) is found


@pytest.mark.parametrize(
    "score",
    [
        None,
        replace(SCORE, interpretable=False, band_low=1, band_high=2),
        replace(SCORE, sten=None),
    ],
)
def test_without_a_readable_or_compared_score_it_can_not_be_told(score):
    assert overlap(score, 4, 6) is Overlap.UNKNOWN
