"""Groups of one's own people, against NumPy and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.instruments.scoring import local
from eqsr.instruments.scoring.local import Origin
from eqsr.instruments.scoring.norm_group import NormGroup

VALUES = st.lists(st.floats(-1e4, 1e4, allow_subnormal=False), min_size=2, max_size=300)


@given(VALUES, st.sampled_from([0, 1e6]))
def test_mean_and_spread_are_those_of_numpy(values, shift):
    values = [value + shift for value in values]
    group = local.group_of(values)
    assert group.n == len(values)
    assert group.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-9)
    expected = np.std(np.array(values) - group.mean, ddof=1)
    assert group.sd == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_fewer_than_two_are_no_group():
    with pytest.raises(ValueError, match="at least two"):
        local.group_of([3.0])


@pytest.mark.parametrize("n", [100, 384, 1000])
def test_how_sure_the_mean_is(n):
    _low, high = stats.norm.interval(0.95, loc=0, scale=2 / np.sqrt(n))
    assert local.mean_error_stens(n) == pytest.approx(high, rel=1e-4)


def codes(group: NormGroup, published: float | None, origin: Origin) -> list[str]:
    return [one.code for one in local.cautions(group, published, origin)]


def test_what_speaks_against_a_group_is_said():
    fine = Origin(invited=1000, finished=900, largest_job=200)
    assert codes(NormGroup(1000, 3.5, 0.6), 0.6, fine) == []
    assert codes(NormGroup(100, 3.5, 0.6), 0.6, fine) == ["small"]
    assert codes(NormGroup(1000, 3.5, 0.6), 0.6, Origin(1000, 500, 200)) == ["few_finished"]
    assert codes(NormGroup(1000, 3.5, 0.6), 0.6, Origin(1000, 900, 800)) == ["one_job"]
    assert codes(NormGroup(1000, 3.5, 0.4), 0.6, fine) == ["narrow"]
    assert codes(NormGroup(1000, 3.5, 0.4), None, fine) == []
