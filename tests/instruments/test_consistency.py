"""How far answers hang together, against NumPy and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from eqsr.instruments.scoring import consistency

ANSWERS = st.integers(1, 5)
SCALES = st.lists(st.lists(ANSWERS, min_size=4, max_size=10), min_size=3, max_size=6).map(
    lambda rows: {str(at): row for at, row in enumerate(rows)}
)
ROWS = st.lists(st.tuples(ANSWERS, ANSWERS), min_size=3, max_size=40)


@given(ROWS)
def test_person_total_and_synonyms_are_pearsons(rows):
    one, other = np.array(rows, dtype=float).T
    assume(len(set(one)) > 1 and len(set(other)) > 1)
    expected = stats.pearsonr(one, other).statistic
    found = consistency.person_total(one.tolist(), other.tolist())
    assert found == pytest.approx(expected, abs=1e-9)
    assert consistency.synonyms(rows) == pytest.approx(expected, abs=1e-9)


@given(SCALES)
def test_even_odd_is_the_corrected_correlation_of_halves(scales):
    halves = np.array([(np.mean(row[::2]), np.mean(row[1::2])) for row in scales.values()])
    assume(halves.std(axis=0).min() > 1e-6)
    r = stats.pearsonr(halves[:, 0], halves[:, 1]).statistic
    expected = 2 * r / (1 + r) if r > -0.5 else -1
    assert consistency.even_odd(scales) == pytest.approx(expected, abs=1e-6)


@given(SCALES)
def test_scatter_is_the_mahalanobis_distance_within_scales(scales):
    """With the identity as covariance, from each scale's mean, over its degrees of freedom."""
    row = np.concatenate(list(scales.values())).astype(float)
    means = np.concatenate([[np.mean(values)] * len(values) for values in scales.values()])
    distance = (row - means) @ np.linalg.inv(np.eye(len(row))) @ (row - means)
    expected = max(1 / 12, distance / (len(row) - len(scales)))
    assert consistency.scatter(scales) == pytest.approx(expected, abs=1e-9)


@given(SCALES)
def test_keyed_share_is_the_adjusted_share_of_a_regression_on_scales(scales):
    """Ordinary least squares without an intercept: one column per scale."""
    row = np.concatenate(list(scales.values())).astype(float) - 3
    assume(row.any())
    columns = np.zeros((len(row), len(scales)))
    at = 0
    for number, values in enumerate(scales.values()):
        columns[at : at + len(values), number] = 1
        at += len(values)
    left = row - columns @ np.linalg.lstsq(columns, row, rcond=None)[0]
    n, k = columns.shape
    expected = 1 - (left @ left / (n - k)) / (row @ row / n)
    assert consistency.keyed_share(scales, 3) == pytest.approx(expected, abs=1e-9)


@given(st.lists(ANSWERS, min_size=12, max_size=60))
def test_repetition_is_the_best_lag(values):
    row = np.array(values)
    expected = max(np.mean(row[lag:] == row[:-lag]) for lag in range(1, 11))
    assert consistency.repetition(values) == pytest.approx(expected, abs=1e-9)


def test_times_of_a_reader_grow_with_the_text():
    lengths = [12, 20, 28, 36, 44]
    read = [800 + 30 * length for length in lengths]
    expected = stats.pearsonr(np.log(read), lengths).statistic
    assert consistency.time_by_length(read, lengths) == pytest.approx(expected, abs=1e-9)
    assert consistency.time_by_length([900] * 5, lengths) == 0


def test_the_one_figure_by_hand():
    assert consistency.inconsistency(math.e, 0.5, 0.25, 0.5) == pytest.approx(8 - 4 - 0.25 - 3)
    # Dice: scatter 2, and nothing hangs together. One answer per scale: far below any limit.
    assert consistency.inconsistency(2, 0, 0, 0) > 2.8
    assert consistency.inconsistency(1 / 12, 1, 1, 1) < -30


def test_too_little_is_no_sign():
    assert consistency.together([(1, 2), (2, 3)]) == 0
    assert consistency.scatter({"a": [3]}) == 1 / 12
    assert consistency.keyed_share({"a": [3, 3]}, 3) == 0
    assert consistency.repetition([4]) == 0
    assert consistency.even_odd({"a": [1, 5], "b": [5, 1], "c": [1, 4]}) == -1
