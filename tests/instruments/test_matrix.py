"""Patterns: the grammar, one conclusion per item, and answers that give nothing away."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.tasks import matrix
from eqsr.instruments.tasks.matrix_rules import ATTRIBUTES, conclusions

MATRIX = catalogue.instrument("matrix")
SEEDS = st.integers(0, 2**31)


@pytest.mark.parametrize(
    ("attribute", "rows", "found"),
    [
        ("shape", [[1, 1, 1], [2, 2, 2], [0, 0, None]], {0}),
        ("shape", [[1, 2, 3], [3, 1, 2], [2, 3, None]], {1}),
        ("count", [[1, 2, 3], [2, 3, 4], [1, 2, None]], {3}),
        ("count", [[1, 1, 2], [1, 3, 4], [2, 1, None]], {3}),
        ("count", [[4, 1, 3], [3, 1, 2], [4, 3, None]], {1}),
        ("shape", [[1, 2, 3], [2, 3, 4], [0, 1, None]], set()),
        ("size", [[0, 1, 2], [0, 1, 2], [1, 2, None]], {0}),
        ("shape", [[0, 1, 2], [0, 1, 2], [0, 1, None]], {2}),
        # counting up leads to 4, the same three in every row to 1: two answers, so not fair
        ("count", [[1, 2, 3], [1, 2, 3], [2, 3, None]], {1, 4}),
    ],
)
def test_what_follows_from_eight_cells(attribute, rows, found):
    assert conclusions(ATTRIBUTES[attribute], rows) == found


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_every_item_has_one_answer_among_its_options(seed):
    trials = tasks.generate(MATRIX, seed)
    assert matrix.prove(trials) == []
    for trial in trials:
        options = [tuple(sorted(option.items())) for option in trial.show["options"]]
        assert len(set(options)) == 8


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_every_wrong_option_breaks_what_the_cells_lead_to(seed):
    for trial in tasks.generate(MATRIX, seed):
        answer = trial.show["options"][trial.key["answer"]]
        for place, option in enumerate(trial.show["options"]):
            broken = [name for name in ATTRIBUTES if option[name] != answer[name]]
            assert bool(broken) == (place != trial.key["answer"])
            for name in broken:
                cells = [cell[name] for cell in trial.show["cells"]] + [None]
                led = conclusions(ATTRIBUTES[name], [cells[:3], cells[3:6], cells[6:]])
                assert option[name] not in led


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_options_alone_give_nothing_away(seed):
    """Each value of a feature occurs four times or in all eight: no majority points anywhere."""
    for trial in tasks.generate(MATRIX, seed):
        for name in ATTRIBUTES:
            counts = Counter(option[name] for option in trial.show["options"])
            assert sorted(counts.values()) in ([8], [4, 4])


def test_answers_are_spread_over_all_places():
    places = Counter(
        trial.key["answer"] for seed in range(40) for trial in tasks.generate(MATRIX, seed)
    )
    assert set(places) == set(range(8))
    assert max(places.values()) < 1.6 * 600 / 8


def test_a_damaged_item_is_found():
    trial = tasks.generate(MATRIX, 1)[4]
    damaged = tasks.Trial.from_dict(trial.to_dict())
    damaged.key["answer"] = (trial.key["answer"] + 1) % 8
    assert matrix.prove([damaged])
