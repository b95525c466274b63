"""Worked examples of the formulas, to 1e-9, and against SciPy."""

import math
import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.instruments.scoring.measurement_error import (
    band,
    difference_error,
    really_different,
    regressed_band,
    sem,
    sten_ends,
)
from eqsr.instruments.scoring.norm_group import NormGroup, pool
from eqsr.instruments.scoring.norming import (
    band_word,
    empirical_percentile,
    percentile,
    percentile_among,
    quantiles,
    sten,
    sten_position,
    t_score,
    z_score,
)
from eqsr.instruments.scoring.reliability import alpha, spearman_brown

Z = st.floats(-6, 6)


def close(value):
    return pytest.approx(value, abs=1e-9)


def test_z_and_t():
    assert z_score(4.0, 3.5, 0.8) == close(0.625)
    assert t_score(0.625) == close(56.25)


@pytest.mark.parametrize("sd", [0, -1])
def test_z_needs_spread(sd):
    with pytest.raises(ValueError):
        z_score(4.0, 3.5, sd)


@pytest.mark.parametrize(
    ("z", "expected"),
    [(-3, 1), (-2.0001, 1), (-2, 2), (-1.5001, 2), (-1.5, 3), (-1, 4), (-0.5, 5), (-0.0001, 5)]
    + [(0, 6), (0.4999, 6), (0.5, 7), (1, 8), (1.5, 9), (1.9999, 9), (2, 10), (9, 10)],
)
def test_sten_edges(z, expected):
    assert sten(z) == expected


def test_stens_of_a_normal_group_have_mean_5_5_and_sd_2():
    edges = [-math.inf, *(x / 2 for x in range(-4, 5)), math.inf]
    shares = [stats.norm.cdf(b) - stats.norm.cdf(a) for a, b in pairwise(edges)]
    mean = sum(share * s for share, s in zip(shares, range(1, 11), strict=True))
    sd = math.sqrt(
        sum(share * (s - mean) ** 2 for share, s in zip(shares, range(1, 11), strict=True))
    )
    assert mean == close(5.5)
    assert sd == pytest.approx(2, abs=0.03)


@given(Z)
def test_sten_is_the_cell_in_which_the_position_lies(z):
    assert abs(sten(z) - sten_position(z)) <= 0.5


@given(Z, Z)
def test_more_raw_score_never_gives_less(a, b):
    low, high = sorted((a, b))
    assert sten(low) <= sten(high)
    assert percentile(low) <= percentile(high)
    assert t_score(low) <= t_score(high)


@given(Z)
def test_percentile_equals_scipy(z):
    assert percentile(z) == close(100 * stats.norm.cdf(z))


@given(st.lists(st.integers(10, 50), min_size=1), st.integers(10, 50))
def test_empirical_percentile_equals_scipy_mean_rank(sample, raw):
    assert empirical_percentile(raw, sample) == close(
        stats.percentileofscore(sample, raw, kind="mean")
    )


def test_empirical_percentile_needs_people():
    with pytest.raises(ValueError):
        empirical_percentile(1, [])
    with pytest.raises(ValueError):
        quantiles([])


@pytest.mark.parametrize("shape", [0.5, 1, 4])
def test_percentiles_of_a_lopsided_group_are_its_own(shape):
    """Where the bell says 59 for a true 50, and 90 for a true 97."""
    sample = list(stats.gamma(shape).rvs(400, random_state=7))
    kept = quantiles(sample)
    mean, sd = statistics.fmean(sample), statistics.stdev(sample)
    by_bell = 0.0
    for raw in sample:
        counted = stats.percentileofscore(sample, raw, kind="mean")
        assert percentile_among(raw, kept) == pytest.approx(counted, abs=2.5)
        by_bell = max(by_bell, abs(percentile(z_score(raw, mean, sd)) - counted))
    assert by_bell > 5


@given(st.lists(st.integers(10, 50), min_size=100, max_size=300))
def test_kept_quantiles_give_the_counted_percentile_where_many_share_a_score(sample):
    kept = quantiles(sample)
    for raw in {*sample}:
        counted = stats.percentileofscore(sample, raw, kind="mean")
        assert percentile_among(raw, kept) == pytest.approx(counted, abs=5)


@given(st.lists(st.floats(0, 5), min_size=20, max_size=60), st.floats(0, 5), st.floats(0, 5))
def test_a_higher_score_has_no_lower_percentile(sample, one, other):
    kept = quantiles(sample)
    low, high = (percentile_among(raw, kept) for raw in sorted((one, other)))
    assert 0.5 <= low <= high <= 99.5


def test_without_quantiles_there_is_no_counted_percentile():
    assert percentile_among(3.0, ()) is None
    kept = quantiles([1.0, 2.0, 3.0])
    assert (percentile_among(0.9, kept), percentile_among(3.1, kept)) == (0.5, 99.5)


@pytest.mark.parametrize(
    ("reliability", "half_width", "difference"),
    [(0.70, 10.7, 7.7), (0.80, 8.8, 6.3), (0.90, 6.2, 4.5)],
)
def test_margin_in_t_units(reliability, half_width, difference):
    error = sem(10, reliability)
    assert error == close(10 * math.sqrt(1 - reliability))
    low, high = band(50, error)
    assert round(high - 50, 1) == round(50 - low, 1) == half_width
    assert round(difference_error(error), 1) == difference


@given(st.floats(-3, 3), st.floats(0.3, 0.95))
def test_the_regressed_band_is_that_of_the_true_score_given_the_score(z, reliability):
    """True and observed score as two normal variables, the one conditional on the other."""
    group = stats.multivariate_normal([0, 0], [[1, reliability], [reliability, reliability]])
    covariance = group.cov
    middle = covariance[1, 0] / covariance[0, 0] * z
    spread = math.sqrt(covariance[1, 1] - covariance[1, 0] ** 2 / covariance[0, 0])
    ends = stats.norm(middle, spread).interval(2 * stats.norm.cdf(1.96) - 1)
    low, high = regressed_band(3 + 0.5 * z, 3, 0.5, reliability)
    assert low == close(min(3 + 0.5 * ends[0], 3 + 0.5 * z))
    assert high == close(max(3 + 0.5 * ends[1], 3 + 0.5 * z))


def test_the_regressed_band_by_hand():
    assert regressed_band(5, 3, 1, 0.8) == close((4.6 - 1.96 * 0.4, 4.6 + 1.96 * 0.4))
    assert regressed_band(3, 3, 1, 1) == close((3, 3))
    assert regressed_band(9, 3, 1, 0.5) == close((6 - 0.98, 9))


@given(Z, st.floats(0, 1))
def test_band_holds_the_position_and_stays_on_the_scale(z, reliability):
    low, high = sten_ends(*regressed_band(z, 0, 1, reliability))
    assert 1 <= low <= high <= 10
    assert low - 0.05 <= sten_position(z) <= high + 0.05


@pytest.mark.parametrize("reliability", [-0.1, 1.1])
def test_impossible_reliability(reliability):
    with pytest.raises(ValueError):
        sem(10, reliability)


def test_two_people_differ_only_beyond_the_error():
    error = sem(10, 0.8)
    limit = 1.96 * error * math.sqrt(2)
    assert not really_different(50, 50 + limit - 1e-6, error)
    assert really_different(50 + limit + 1e-6, 50, error)


def test_band_words():
    assert [band_word(s) for s in range(1, 11)] == ["low"] * 3 + ["mid"] * 4 + ["high"] * 3


def test_pooling_by_hand():
    pooled = pool([NormGroup(100, 3.0, 0.5), NormGroup(300, 3.4, 0.6)])
    assert pooled.n == 400
    assert pooled.mean == close(3.3)
    assert pooled.sd == close(math.sqrt((100 * (0.25 + 0.09) + 300 * (0.36 + 0.01)) / 400))


@given(st.lists(st.lists(st.floats(1, 5), min_size=1, max_size=8), min_size=1, max_size=5))
def test_pooling_equals_putting_everybody_in_one_room(groups):
    everybody = [x for group in groups for x in group]
    pooled = pool(NormGroup(len(g), statistics.fmean(g), statistics.pstdev(g)) for g in groups)
    assert pooled.n == len(everybody)
    assert pooled.mean == close(statistics.fmean(everybody))
    assert pooled.sd == pytest.approx(statistics.pstdev(everybody), abs=1e-6)


def test_pooling_nobody():
    with pytest.raises(ValueError):
        pool([])


def test_alpha_by_hand():
    # Items (2,4,3,5), (3,5,3,4), (2,4,4,5): variances 5/3, 11/12, 19/12 ... sums 7, 13, 10, 14.
    rows = [(2, 3, 2), (4, 5, 4), (3, 3, 4), (5, 4, 5)]
    variances = [5 / 3, 11 / 12, 19 / 12]
    assert [statistics.variance(c) for c in zip(*rows, strict=True)] == pytest.approx(
        variances, abs=1e-9
    )
    assert alpha(rows) == close(1.5 * (1 - sum(variances) / 10))


def test_alpha_of_copies_is_one():
    assert alpha([(1, 1), (3, 3), (5, 5)]) == close(1)


@pytest.mark.parametrize(
    "rows", [[], [(1, 2)], [(1,), (2,)], [(1, 2), (1, 2, 3)], [(1, 2), (2, 1)]]
)
def test_alpha_refuses_what_it_cannot_know(rows):
    with pytest.raises(ValueError):
        alpha(rows)


def test_doubling_a_scale():
    assert spearman_brown(0.7, 2) == close(1.4 / 1.7)
    assert round(spearman_brown(0.7, 2), 2) == 0.82
    assert spearman_brown(0.7, 1) == close(0.7)
