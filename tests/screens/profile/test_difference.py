"""The error of a difference, against figures worked out by hand."""

import math
from dataclasses import replace

import pytest

from eqsr.instruments.difference import difference, differs
from eqsr.instruments.scoring import ScaleScore


def scored(raw: float, sem: float = 0.2, **changes) -> ScaleScore:
    """A score whose band is +- 1.96 of its standard error of measurement."""
    half = 1.96 * sem
    return replace(
        ScaleScore(
            scale="extraversion",
            raw_sum=None,
            raw_mean=raw,
            answered=10,
            items=10,
            norm_id="n",
            norm_version="1",
            interpretable=True,
            raw=raw,
            raw_low=raw - half,
            raw_high=raw + half,
        ),
        **changes,
    )


def test_equal_errors_give_sem_times_the_root_of_two():
    # T scores: SD 10, reliability .80, so SEM = 10 sqrt(.2) = 4.472 and SEdiff = 6.325.
    sem = 10 * math.sqrt(1 - 0.80)
    low, high = difference(scored(60, sem), scored(50, sem))
    assert (low, high) == pytest.approx((10 - 12.396, 10 + 12.396), abs=0.001)
    assert differs(scored(60, sem), scored(50, sem)) is False
    assert differs(scored(62.5, sem), scored(50, sem)) is True


def test_unequal_errors_are_summed_as_squares():
    # SEM .3 and .4: sqrt(.09 + .16) = .5, and 1.96 * .5 = .98.
    first, second = scored(4.0, 0.3), scored(3.0, 0.4)
    assert difference(first, second) == pytest.approx((0.02, 1.98))
    assert difference(second, first) == pytest.approx((-1.98, -0.02))
    assert differs(first, second) is True
    assert differs(scored(3.97, 0.3), second) is False


@pytest.mark.parametrize(("reliability", "needed"), [(0.70, 15.2), (0.80, 12.4), (0.90, 8.8)])
def test_the_less_reliable_the_further_apart_two_people_have_to_be(reliability, needed):
    sem = 10 * math.sqrt(1 - reliability)
    assert differs(scored(50 + needed - 0.1, sem), scored(50, sem)) is False
    assert differs(scored(50 + needed + 0.1, sem), scored(50, sem)) is True


def test_a_lopsided_band_counts_on_its_own_side():
    # A count of right answers near the top: 9.0 (6.0 to 9.8) against 5.0 (3.0 to 7.0).
    top = scored(9.0, raw_low=6.0, raw_high=9.8)
    middle = scored(5.0, raw_low=3.0, raw_high=7.0)
    low, high = difference(top, middle)
    assert low == pytest.approx(4 - math.hypot(3.0, 2.0))
    assert high == pytest.approx(4 + math.hypot(0.8, 2.0))
    assert differs(top, middle) is True


@pytest.mark.parametrize(
    "unreadable",
    [scored(3.0, interpretable=False), scored(3.0, raw_low=None), replace(scored(3.0), raw=None)],
)
def test_what_can_not_be_interpreted_differs_from_nothing_and_equals_nothing(unreadable):
    assert differs(unreadable, scored(5.0)) is None
    assert differs(scored(5.0), unreadable) is None
