"""Bands of single sittings: SciPy where it has them, worked examples, and properties."""

import math
import random
from statistics import variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.instruments.scoring.detection import d_prime_band, detection
from eqsr.instruments.scoring.interval import (
    difference_band,
    median_band,
    serial_factor,
    widened,
    wilson,
)
from eqsr.instruments.scoring.inverted_interval import count_distribution, inverted_band
from eqsr.instruments.scoring.mean_interval import mean_band, ratio_band, spread
from eqsr.instruments.scoring.number_right import chance_right, expected_right, number_right_band
from eqsr.instruments.scoring.reliability import item_statistics, spearman_brown, split_half

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
TIMES = st.lists(st.floats(200, 5000), min_size=6, max_size=60)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(counts):
    right, n = counts
    theirs = stats.binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert wilson(right, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize("counts", [(-1, 4), (5, 4), (0, 0)])
def test_wilson_refuses_impossible_counts(counts):
    with pytest.raises(ValueError):
        wilson(*counts)


@given(CHANCES)
def test_count_distribution_equals_scipy(chances):
    ours = count_distribution(chances)
    theirs = stats.poisson_binom.pmf(range(len(chances) + 1), chances)
    assert ours == pytest.approx(list(theirs), abs=1e-9)
    assert sum(ours) == pytest.approx(1, abs=1e-9)


@given(st.lists(st.floats(1, 5), min_size=4, max_size=40))
def test_mean_band_is_students(values):
    low, high = mean_band(values, spread([values]), -99, 99)
    n, middle = len(values), sum(values) / len(values)
    exact = stats.t.ppf(0.975, n - 1) * math.sqrt(max(variance(values), 1 / 12) / n)
    assert (low + high) / 2 == pytest.approx(middle, abs=1e-9)
    assert (high - low) / 2 == pytest.approx(exact, rel=0.01)


def test_mean_band_stays_on_the_answer_scale_and_needs_four():
    assert mean_band([5, 5, 5, 4], spread([[5, 5, 5, 4]]), 1, 5)[1] == 5
    assert mean_band([3, 3, 3, 3], spread([[3, 3, 3, 3]]), 1, 5)[0] < 3
    with pytest.raises(ValueError):
        spread([[3, 3, 3]])


def test_spread_is_pooled_within_groups():
    pooled = spread([[1, 3, 2], [4, 4, 5, 3]])
    assert pooled.freedom == 5
    assert pooled.variance == pytest.approx((2 + 2) / 5, abs=1e-9)


def test_median_band_by_hand():
    """n = 10: the 2nd and 9th smallest enclose the median with .9785, the 3rd and 8th with
    .8906; 95 % lie at weight (8 x .3239) / (2 + 6 x .3239) from the outer to the inner pair."""
    outer, inner = (1 - 2 * stats.binom.cdf(k - 1, 10, 0.5) for k in (2, 3))
    share = (outer - 0.95) / (outer - inner)
    weight = 8 * share / (2 + 6 * share)
    assert median_band(range(1, 11)) == pytest.approx((2 + weight, 9 - weight), abs=1e-9)
    assert (round(outer, 4), round(inner, 4)) == (0.9785, 0.8906)


@given(TIMES, st.floats(0.5, 3), st.floats(-100, 100))
def test_median_band_moves_with_the_values_and_holds_the_median(times, factor, shift):
    low, high = median_band(times)
    assert low <= sorted(times)[len(times) // 2] + 1e-9
    assert high >= sorted(times)[(len(times) - 1) // 2] - 1e-9
    moved = median_band([factor * time + shift for time in times])
    assert moved == pytest.approx((factor * low + shift, factor * high + shift), rel=1e-6)


@pytest.mark.parametrize("n", [10, 15, 41])
def test_median_band_covers_as_often_as_it_says(n):
    rng = random.Random(3)
    inside = 0
    for _ in range(2000):
        low, high = median_band([rng.expovariate(1) for _ in range(n)])
        inside += low <= math.log(2) <= high
    assert 0.935 <= inside / 2000 <= 0.965


def test_ratio_band_by_hand():
    counts, amounts = [1, 0, 1, 1, 1, 1], [2.0, 3.0, 2.0, 2.5, 2.5, 3.0]
    ratio = 5 / 15
    residuals = sum((c - ratio * a) ** 2 for c, a in zip(counts, amounts, strict=True)) / 5
    error = math.sqrt(6 * residuals) / 15
    low, high = ratio_band(counts, amounts)
    assert low * high == pytest.approx(ratio**2, abs=1e-9)
    assert math.log(high / ratio) == pytest.approx(stats.t.ppf(0.975, 5) * error / ratio, rel=0.002)


def waves(rng: random.Random, n: int, together: float) -> list[float]:
    """A row of normal values, each correlated with the one before."""
    wave, row = rng.gauss(0, 1), []
    for _ in range(n):
        wave = together * wave + rng.gauss(0, math.sqrt(1 - together**2))
        row.append(wave)
    return row


@pytest.mark.parametrize("together", [0.0, 0.4])
def test_bands_hold_the_median_of_times_that_hang_together(together):
    rng, inside = random.Random(11), 0
    for _ in range(1000):
        row = waves(rng, 60, together)
        middle = sorted(row)[30]
        low, high = widened(median_band(row), middle, serial_factor(row))
        inside += low <= 0 <= high
    assert 0.93 <= inside / 1000 <= 0.99


def test_the_serial_factor_by_hand():
    row = [1.0, 2.0, 4.0, 3.0, 5.0, 6.0, 8.0, 7.0]
    apart = np.array(row) - np.mean(row)
    seen = (apart[1:] * apart[:-1]).sum() / (apart**2).sum()
    r = (8 * seen + 1) / 4
    assert r > 0.8
    assert serial_factor(row) == pytest.approx(3, abs=1e-9)
    fewer = row + [4.0, 6.0, 3.0, 5.0, 2.0, 7.0, 5.0, 4.0]
    apart = np.array(fewer) - np.mean(fewer)
    r = (16 * (apart[1:] * apart[:-1]).sum() / (apart**2).sum() + 1) / 12
    assert 0 < r < 0.8
    assert serial_factor(fewer) == pytest.approx(math.sqrt((1 + r) / (1 - r)), abs=1e-9)
    assert serial_factor([1.0, 2.0] * 10) == serial_factor([3.0] * 10) == 1
    assert widened((2, 6), 3, 2) == (1, 9)


@pytest.mark.parametrize("pairs", [([1] * 5, [1] * 5), ([0] * 8, [1] * 8), ([1] * 8, [0] * 8)])
def test_ratio_band_refuses_too_little(pairs):
    with pytest.raises(ValueError):
        ratio_band(*pairs)


def test_bands_of_few_values_are_refused():
    with pytest.raises(ValueError):
        median_band([1, 2, 3, 4, 5])
    with pytest.raises(ValueError):
        inverted_band(0, {})


def test_difference_band_of_even_intervals_is_the_usual_one():
    assert difference_band(5, (4, 6), 2, (1.5, 2.5)) == pytest.approx(
        (3 - math.hypot(1, 0.5), 3 + math.hypot(1, 0.5)), abs=1e-9
    )


@given(st.integers(0, 40), st.integers(0, 80))
def test_d_prime_lies_in_its_band_and_the_band_is_made_of_wilsons(hits, alarms):
    low, high = d_prime_band(hits, 40, alarms, 80)
    middle = detection(hits, 40, alarms, 80).d_prime
    assert low - 1e-9 <= middle <= high + 1e-9
    if 0 < hits < 40 and 0 < alarms < 80:
        zs = [stats.norm.ppf(wilson(count, n)) for count, n in ((hits, 40), (alarms, 80))]
        hit, alarm = (stats.norm.ppf((c + 0.5) / (n + 1)) for c, n in ((hits, 40), (alarms, 80)))
        below = math.hypot(max(hit - zs[0][0], 0), max(zs[1][1] - alarm, 0))
        assert middle - low == pytest.approx(below, abs=1e-9)


def test_inverted_band_of_coins_is_near_the_mid_p_interval():
    """Mid-p interval of 8 of 20 by SciPy's binomial distribution."""
    models = {p / 1000: list(stats.binom.pmf(range(21), 20, p / 1000)) for p in range(1, 1000)}
    low, high = inverted_band(8, models)

    def mid_p(p):
        return stats.binom.cdf(7, 20, p) + stats.binom.pmf(8, 20, p) / 2

    assert mid_p(low) < 0.975 <= mid_p(low - 0.001)
    assert mid_p(high) > 0.025 >= mid_p(high + 0.001)


def test_number_right_model_by_hand():
    assert chance_right(0, 0, 0, 1.2) == 0.5
    assert chance_right(1, 0, 0.125, 1.2) == pytest.approx(
        0.125 + 0.875 / (1 + math.exp(-1.2)), abs=1e-9
    )
    assert expected_right(0, [0, 0, 0], 0, 1) == 1.5


@given(st.integers(0, 9))
def test_number_right_band_holds_the_number(right):
    low, high = number_right_band(right, [b / 2 for b in range(-4, 5)], 0, 1.2)
    assert 0 <= low <= right + 0.15
    assert right - 0.15 <= high <= 9


def test_split_half_equals_scipy():
    rng = random.Random(5)
    trues = [rng.gauss(0, 1) for _ in range(80)]
    halves = [(t + rng.gauss(0, 0.7), t + rng.gauss(0, 0.7)) for t in trues]
    r = stats.pearsonr(*zip(*halves, strict=True)).statistic
    assert split_half(halves) == pytest.approx(spearman_brown(r, 2), abs=1e-9)
    assert spearman_brown(0.7, 2) == pytest.approx(0.8235294117647058, abs=1e-9)


def test_item_statistics_equal_scipy():
    rng = random.Random(6)
    rows = [[int(rng.gauss(0, 1) + a > b) for b in (-1, 0, 1)] for a in (0.5, 1, -1, 0, 2) * 9]
    for item, (share, together) in enumerate(item_statistics(rows)):
        answers = [row[item] for row in rows]
        rests = [sum(row) - row[item] for row in rows]
        assert share == pytest.approx(sum(answers) / len(answers), abs=1e-9)
        assert together == pytest.approx(stats.pointbiserialr(answers, rests).statistic, abs=1e-9)
    assert item_statistics([[1, 0], [1, 1]])[0] == (1.0, None)
