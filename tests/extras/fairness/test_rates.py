"""Rates, ratios and Fisher's exact p, against SciPy and worked examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.extras.fairness.fisher import fisher_exact
from eqsr.extras.fairness.rates import SMALLEST, Count, above_median, selected, table
from eqsr.extras.fairness.suppression import safe_cells

SMALL = st.integers(0, 40)
LARGE = st.integers(0, 3000)


@given(st.tuples(SMALL, SMALL, SMALL, SMALL))
def test_fisher_is_that_of_scipy(cells):
    a, b, c, d = cells
    expected = stats.fisher_exact([[a, b], [c, d]]).pvalue
    assert fisher_exact(a, b, c, d) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(st.tuples(LARGE, LARGE, LARGE, LARGE))
def test_fisher_is_that_of_scipy_for_many_people(cells):
    a, b, c, d = cells
    expected = stats.fisher_exact([[a, b], [c, d]]).pvalue
    assert fisher_exact(a, b, c, d) == pytest.approx(expected, abs=1e-9)


def test_the_worked_example_of_the_guidelines():
    """48 of 80 and 12 of 24: the ratio is .83 with 104 people and with 1,040, the p is not."""
    few = table({("a",): Count(80, 48), ("b",): Count(24, 12)})
    many = table({("a",): Count(800, 480), ("b",): Count(240, 120)})
    assert few[1].ratio == many[1].ratio == pytest.approx(0.8333, abs=1e-4)
    assert few[1].p == pytest.approx(0.48, abs=0.005)
    assert many[1].p == pytest.approx(0.007, abs=0.0005)
    assert (few[0].ratio, few[0].p) == (1, None)
    assert [row.small for row in few] == [False, True]
    assert not few[1].below_four_fifths


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        fisher_exact(-1, 2, 3, 4)


def test_a_tiny_group_is_not_what_others_are_compared_with():
    rows = table({("a",): Count(900, 450), ("b",): Count(10, 10)})
    assert (rows[0].ratio, rows[0].p) == (1, None)
    assert rows[1].below_share
    assert rows[1].ratio == 2


def test_where_nobody_was_selected_nothing_is_compared():
    assert {row.ratio for row in table({("a",): Count(50, 0), ("b",): Count(60, 0)})} == {None}
    assert [row.hidden for row in table({("a",): Count(0, 0)})] == [True]
    assert table({}) == []


def test_of_a_small_group_nothing_is_told():
    rows = table({("a",): Count(50, 20), ("b",): Count(9, 3), ("c",): Count(4, 4)})
    assert [row.hidden for row in rows] == [False, False, True]
    assert (rows[2].people, rows[2].hits, rows[2].rate, rows[2].ratio, rows[2].p) == (None,) * 5


COUNTS = st.integers(0, 12).flatmap(
    lambda people: st.builds(Count, st.just(people), st.integers(0, people))
)


@given(st.dictionaries(st.tuples(st.sampled_from("abcdefg")), COUNTS))
def test_nothing_depends_on_small_groups(counts):
    without = {
        group: count if count.people >= SMALLEST else Count(0, 0) for group, count in counts.items()
    }
    assert table(counts) == table(without)


def margins_of(cells):
    """What the tables of one category show, when everybody has said both."""
    found = {}
    for group, count in cells.items():
        for category in group:
            sofar = found.get((category,), Count(0, 0))
            found[(category,)] = Count(sofar.people + count.people, sofar.hits + count.hits)
    return found


def test_what_is_left_out_can_not_be_found_by_subtracting():
    """White men are 3: 60 white people less 57 white women would tell of them, and so would a
    longer way round."""
    cells = {
        ("white", "female"): Count(57, 20),
        ("white", "male"): Count(3, 3),
        ("asian", "female"): Count(30, 10),
        ("asian", "male"): Count(37, 30),
    }
    assert safe_cells(cells, margins_of(cells)) == {}
    cells[("black", "female")], cells[("black", "male")] = Count(50, 5), Count(4, 1)
    assert safe_cells(cells, margins_of(cells)) == {("asian", "female"): Count(30, 10)}


def test_where_nothing_is_small_all_is_shown():
    cells = {("white", "female"): Count(5, 2), ("white", "male"): Count(9, 3)}
    assert safe_cells(cells, margins_of(cells)) == cells


CELLS = st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), COUNTS)


@given(CELLS)
def test_no_small_group_follows_from_what_is_shown(cells):
    """By linear algebra: no equation that the margins give has a small group alone in it."""
    margins = margins_of(cells)
    shown = safe_cells(cells, margins)
    assert all(cells[group] == count for group, count in shown.items())
    if not shown:
        return
    hidden = [group for group, count in cells.items() if count.people and group not in shown]
    told = [name for (name,), margin in margins.items() if margin.people >= SMALLEST]
    rows = np.array([[float(name in group) for group in hidden] for name in told])
    for at, group in enumerate(hidden):
        if cells[group].people < SMALLEST and rows.size:
            alone = np.eye(len(hidden))[at]
            more = np.linalg.matrix_rank(np.vstack([rows, alone]))
            assert more > np.linalg.matrix_rank(rows), group


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=40))
def test_scores_above_the_median_of_numpy(scores):
    assert above_median(scores) == [score > np.median(scores) for score in scores]
    assert above_median([]) == []


@pytest.mark.parametrize(
    ("status", "invited_at", "outcome"),
    [
        ("HIRED", "IN_REVIEW", True),
        ("OFFERED", None, True),
        ("INTERVIEW", "IN_REVIEW", True),
        ("IN_REVIEW", "IN_REVIEW", None),
        ("NEW", "IN_REVIEW", None),
        ("INTERVIEW", None, None),
        ("REJECTED", "IN_REVIEW", False),
        ("WITHDRAWN", "IN_REVIEW", None),
        ("TRANSFERRED", "IN_REVIEW", None),
        ("", "IN_REVIEW", None),
    ],
)
def test_who_was_selected(status, invited_at, outcome):
    assert selected(status, invited_at) is outcome
