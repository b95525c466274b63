"""Scores of tasks with trials: worked examples, SciPy, and impossible counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.instruments.scoring.detection import detection
from eqsr.instruments.scoring.span import mean_span


def test_detection_example():
    example = detection(hits=18, targets=20, false_alarms=3, others=40)
    assert (round(example.d_prime, 2), round(example.bias, 2)) == (2.55, 0.10)


@given(st.integers(0, 30), st.integers(0, 60))
def test_detection_equals_scipy(hits, alarms):
    ours = detection(hits, 30, alarms, 60)
    hit, alarm = stats.norm.ppf((hits + 0.5) / 31), stats.norm.ppf((alarms + 0.5) / 61)
    assert ours.d_prime == pytest.approx(hit - alarm, abs=1e-9)
    assert ours.bias == pytest.approx(-(hit + alarm) / 2, abs=1e-9)


@pytest.mark.parametrize("counts", [(5, 4, 0, 4), (-1, 4, 0, 4), (0, 0, 0, 4), (0, 4, 0, 0)])
def test_detection_refuses_impossible_counts(counts):
    with pytest.raises(ValueError):
        detection(*counts)


def test_mean_span_example():
    right = dict(zip(range(3, 9), (2, 2, 2, 1, 1, 0), strict=True))
    assert mean_span({length: (n, 2) for length, n in right.items()}) == 6.5


@pytest.mark.parametrize("trials", [{}, {3: (1, 2), 5: (1, 2)}, {3: (3, 2)}, {3: (0, 0)}])
def test_mean_span_refuses_impossible_trials(trials):
    with pytest.raises(ValueError):
        mean_span(trials)
