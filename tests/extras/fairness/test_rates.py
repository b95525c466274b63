"""Rates, ratios and Fisher's exact p, against SciPy and worked examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eqsr.extras.fairness.exact_test import exact_p, fisher_exact, holm
from eqsr.extras.fairness.rates import SMALLEST, better_half, selected, table
from eqsr.extras.fairness.suppression import safe_cells
from eqsr.extras.fairness.within_jobs import Count, risk_ratio

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


def counted(counts, everybody=None):
    """The table of counts in one job."""
    people = sum(count.people for count in counts.values())
    by_job = {group: {"job": count} for group, count in counts.items()}
    return table(by_job, everybody or people)


def test_the_worked_example_of_the_guidelines():
    """48 of 80 and 12 of 24: the ratio is .83 with 104 people and with 1,040, the p is not."""
    few = counted({("a",): Count(80, 48), ("b",): Count(24, 12)})
    many = counted({("a",): Count(800, 480), ("b",): Count(240, 120)})
    assert few[1].ratio == many[1].ratio == pytest.approx(0.8333, abs=1e-4)
    assert few[1].within_jobs == many[1].within_jobs == pytest.approx(0.8333, abs=1e-4)
    assert few[1].p == few[1].chance == pytest.approx(0.48, abs=0.005)
    assert many[1].p == pytest.approx(0.007, abs=0.0005)
    assert (few[0].ratio, few[0].within_jobs) == (1, pytest.approx(1.2))
    assert [row.small for row in few] == [False, True]
    assert [row.is_lower for row in (*few, *many)] == [False, False, False, True]


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        fisher_exact(-1, 2, 3, 4)


STRATA = st.lists(st.tuples(*[st.integers(0, 15)] * 4).filter(any), min_size=1, max_size=5)


@given(STRATA)
def test_several_tables_are_tested_as_scipys_distributions_added_up(tables):
    """The sum of independent hypergeometric numbers, by NumPy's convolution."""
    chances, least = np.array([1.0]), 0
    for a, b, c, d in tables:
        possible = np.arange(max(0, a + c - (c + d)), min(a + b, a + c) + 1)
        model = stats.hypergeom(a + b + c + d, a + b, a + c)
        chances, least = np.convolve(chances, model.pmf(possible)), least + possible[0]
    seen = chances[sum(one[0] for one in tables) - least]
    expected = chances[chances <= seen * (1 + 1e-7)].sum()
    assert exact_p(tables) == pytest.approx(expected, abs=1e-9)


@given(STRATA)
def test_the_ratio_within_jobs_is_mantel_haenszels(tables):
    """With the variance of Greenland and Robins, as in statsmodels and R's epi.2by2."""
    a, b, c, d = np.array(tables, dtype=float).T
    n, ours, theirs = a + b + c + d, a + b, c + d
    above, below = (a * theirs / n).sum(), (c * ours / n).sum()
    found = risk_ratio(tables)
    if below == 0:
        assert found == (None, None, None)
    elif above == 0:
        assert found == (0, None, None)
    else:
        variance = ((ours * theirs * (a + c) - a * c * n) / n**2).sum() / (above * below)
        half = stats.norm.ppf(0.975) * np.sqrt(variance)
        ends = np.log(above / below) + np.array([-half, half])
        assert found == pytest.approx((above / below, *np.exp(ends)), rel=1e-9)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_by_its_definition(ps):
    """The largest of (m - j) times the (j + 1)-th smallest p, over all no larger than this one."""
    ordered = sorted(ps)
    for p, adjusted in zip(ps, holm(ps), strict=True):
        upto = [(len(ps) - j) * q for j, q in enumerate(ordered) if q <= p]
        assert adjusted == pytest.approx(min(1, max(upto)), abs=1e-12)


WOMEN, MEN = ("female",), ("male",)


def test_two_fair_jobs_make_no_unfair_whole():
    """Each job takes women and men alike; women applied where few were taken. Thrown together, the
    ratio would be .43."""
    counts = {
        WOMEN: {"picky": Count(400, 40), "open": Count(100, 80)},
        MEN: {"picky": Count(100, 10), "open": Count(400, 320)},
    }
    women, men = table(counts, 1000)
    assert women.rate / men.rate == pytest.approx(0.36, abs=0.01)
    assert women.within_jobs == pytest.approx(1)
    assert women.low < 1 < women.high
    assert women.chance == pytest.approx(1)
    assert not women.is_lower


def test_two_unfair_jobs_do_not_make_a_fair_whole():
    """Both jobs are against women, who applied where many were taken: thrown together, men would
    look worse off."""
    counts = {
        WOMEN: {"picky": Count(100, 8), "open": Count(400, 280)},
        MEN: {"picky": Count(400, 72), "open": Count(100, 88)},
    }
    women, men = table(counts, 1000)
    assert women.rate > men.rate
    assert women.within_jobs < 0.85
    assert women.is_lower
    assert not men.is_lower


def test_the_share_that_need_not_be_compared_is_one_of_all_people():
    """19 are over 2 in 100 of the 600 who are shown, and under it of all 1,000."""
    counts = {("a",): Count(581, 300), ("b",): Count(19, 1)}
    assert [row.below_share for row in counted(counts)] == [False, False]
    _large, small = counted(counts, everybody=1000)
    assert (small.below_share, small.chance, small.is_lower) == (True, None, False)


def test_five_alike_groups_are_flagged_in_at_most_one_table_of_twenty():
    rng = np.random.default_rng(2026)
    flagged = 0
    for _ in range(600):
        counts = {
            (group,): {
                job: Count(people, int(rng.binomial(people, rate)))
                for job, people, rate in (("x", size, 0.2), ("y", size // 2, 0.6))
            }
            for group, size in zip("abcde", (120, 60, 40, 30, 20), strict=True)
        }
        flagged += any(row.differs for row in table(counts, 405))
    assert flagged / 600 <= 0.05


def test_one_group_that_is_treated_worse_is_found():
    counts = {(group,): {"x": Count(80, 40)} for group in "abcd"} | {("e",): {"x": Count(80, 16)}}
    assert [row.group for row in table(counts, 400) if row.is_lower] == [("e",)]


def test_a_tiny_group_is_not_what_others_are_compared_with():
    rows = counted({("a",): Count(900, 450), ("b",): Count(10, 10)})
    assert rows[0].ratio == 1
    assert rows[1].below_share
    assert rows[1].ratio == 2
    assert rows[1].chance is None


def test_where_nobody_was_selected_nothing_is_compared():
    assert {row.ratio for row in counted({("a",): Count(50, 0), ("b",): Count(60, 0)})} == {None}
    assert [row.hidden for row in counted({("a",): Count(0, 0)})] == [True]
    assert table({}, 0) == []


def test_of_a_small_group_nothing_is_told():
    rows = counted({("a",): Count(50, 20), ("b",): Count(9, 3), ("c",): Count(4, 4)})
    assert [row.hidden for row in rows] == [False, False, True]
    assert (rows[2].people, rows[2].hits, rows[2].rate, rows[2].ratio, rows[2].p) == (None,) * 5


COUNTS = st.integers(0, 12).flatmap(
    lambda people: st.builds(Count, st.just(people), st.integers(0, people))
)
BY_JOB = st.dictionaries(st.sampled_from("xyz"), COUNTS)


@given(st.dictionaries(st.tuples(st.sampled_from("abcdefg")), BY_JOB), st.integers(100, 300))
def test_nothing_depends_on_small_groups(counts, everybody):
    without = {
        group: by_job if sum(count.people for count in by_job.values()) >= SMALLEST else {}
        for group, by_job in counts.items()
    }
    assert table(counts, everybody) == table(without, everybody)


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
def test_the_better_half_is_over_the_median_of_numpy_or_under_it(scores):
    middle = np.median(scores)
    assert better_half(scores, "high") == [score > middle for score in scores]
    assert better_half(scores, None) == [score > middle for score in scores]
    assert better_half(scores, "low") == [score < middle for score in scores]
    assert better_half([], "high") == []


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
