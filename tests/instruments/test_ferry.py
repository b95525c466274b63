"""Ferry puzzles: rules, the full search against another one, and every puzzle of the bank."""

import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.tasks import Response, ferry
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import Puzzle, cross, crossings
from eqsr.instruments.tasks.ferry_search import find

FERRY = catalogue.instrument("ferry")
RIDDLE = Puzzle(("cabbage", "goat", "wolf"), 1, apart=(("cabbage", "goat"), ("goat", "wolf")))


@st.composite
def puzzles(draw):
    goods = tuple("abcd"[: draw(st.integers(2, 4))])
    pairs, orders = list(combinations(goods, 2)), list(product(goods, repeat=2))
    subset = st.lists(st.sampled_from(pairs), max_size=3, unique=True).map(tuple)
    after = st.lists(st.sampled_from([p for p in orders if p[0] != p[1]]), max_size=2, unique=True)
    seats = draw(st.integers(1, 2))
    return Puzzle(goods, seats, draw(subset), draw(subset), tuple(draw(after)))


def shortest_ways(puzzle):
    """Length and number of shortest solutions, by writing out every path step by step."""

    def allowed(here, there, load, outward):
        left = here - load
        return (
            len(load) <= puzzle.seats
            and not any(set(pair) <= load for pair in puzzle.not_aboard)
            and not any(set(pair) <= left for pair in puzzle.apart)
            and not (outward and any(a in load and b not in there for a, b in puzzle.after))
        )

    paths = {(frozenset(puzzle.goods), True): 1}
    for length in range(1, 40):
        onward = {}
        for (near, ferry_near), ways in paths.items():
            here = near if ferry_near else frozenset(puzzle.goods) - near
            there = frozenset(puzzle.goods) - here
            for size in range(len(here) + 1):
                for chosen in combinations(sorted(here), size):
                    load = frozenset(chosen)
                    if allowed(here, there, load, ferry_near):
                        after = near - load if ferry_near else near | load
                        key = (after, not ferry_near)
                        onward[key] = onward.get(key, 0) + ways
        if (frozenset(), False) in onward:
            return length, onward[(frozenset(), False)]
        paths = onward
    return None, 0


def test_the_old_riddle():
    found = analyse(RIDDLE)
    assert (found.crossings, found.solutions) == (7, 2)
    assert found.path[0] == ("goat",)
    assert found.detours == 1


def test_two_that_never_part_can_not_cross_one_by_one():
    assert analyse(Puzzle(("a", "b"), 1, after=(("a", "b"), ("b", "a")))).crossings is None
    assert analyse(Puzzle(("a",), 1)).crossings == 1


@settings(max_examples=60, deadline=None)
@given(puzzles())
def test_the_search_agrees_with_writing_out_every_path(puzzle):
    found = analyse(puzzle)
    assert (found.crossings, found.solutions) == shortest_ways(puzzle)


@settings(max_examples=60, deadline=None)
@given(puzzles())
def test_every_crossing_can_be_undone_so_nobody_gets_stuck(puzzle):
    seen, queue = {puzzle.start}, [puzzle.start]
    while queue:
        state = queue.pop()
        for load, after in crossings(puzzle, state):
            assert cross(puzzle, after, load) in (state, None)
            back = cross(puzzle, after, load)
            forbidden_back = back is None and not after[1] and state[1]
            assert back == state or not forbidden_back or after == puzzle.end
            if after not in seen:
                seen.add(after)
                queue.append(after)


def test_the_whole_bank_is_solvable_in_one_shortest_way():
    assert ferry.prove_bank(FERRY.parameters) == []
    levels = FERRY.parameters["levels"]
    hardness = []
    for level in levels:
        bank = FERRY.parameters["structures"][level["name"]]
        assert len(bank) >= 3
        found = [analyse(Puzzle.from_dict(structure)) for structure in bank]
        assert len({(f.crossings, f.detours) for f in found}) == 1
        hardness.append(found[0].crossings + 2 * found[0].detours)
    assert hardness == sorted(hardness)
    assert [level["difficulty"] for level in levels] == sorted(
        level["difficulty"] for level in levels
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31))
def test_puzzles_of_any_seed_are_solvable_and_unique(seed):
    trials = tasks.generate(FERRY, seed)
    assert ferry.prove(trials) == []
    for trial in trials:
        found = analyse(Puzzle.from_dict(trial.show))
        moves = [list(load) for load in found.path]
        outcome = ferry.check(trial, Response(trial.number, moves))
        assert outcome.correct
        assert outcome.facts == {"crossings": trial.key["crossings"], "slips": 0}


def test_a_puzzle_survives_json():
    assert Puzzle.from_dict(RIDDLE.to_dict()) == RIDDLE


def one_trial():
    return tasks.generate(FERRY, 3)[0]


def test_forbidden_crossings_change_nothing_and_use_up_the_budget():
    trial = one_trial()
    path = [list(load) for load in analyse(Puzzle.from_dict(trial.show)).path]
    everything = trial.show["goods"]
    outcome = ferry.check(trial, Response(1, [everything, *path]))
    assert outcome.correct
    assert outcome.facts["slips"] == 1
    spare = trial.show["budget"] - len(path)
    assert ferry.well_formed(trial, [everything] * spare + path)
    assert not ferry.well_formed(trial, [everything] * (spare + 1) + path)


def test_starting_again_puts_everything_back_and_costs_nothing_itself():
    trial = one_trial()
    path = [list(load) for load in analyse(Puzzle.from_dict(trial.show)).path]
    outcome = ferry.check(trial, Response(1, [path[0], None, *path]))
    assert outcome.correct
    assert outcome.facts["crossings"] == len(path) + 1
    assert not ferry.check(trial, Response(1, path[:-1])).correct
    assert not ferry.check(trial, Response(1, [])).correct


@pytest.mark.parametrize(
    "moves", ["solved", {"moves": []}, [1], [["gold"]], [[["lamp"]]], [["lamp"]] * 99, None]
)
def test_what_is_no_list_of_loads_is_not_taken(moves):
    assert not ferry.well_formed(one_trial(), moves)


def test_directness_counts_turns_and_slips_once():
    trials = tasks.generate(FERRY, 4)
    responses = []
    for trial in trials:
        path = [list(load) for load in analyse(Puzzle.from_dict(trial.show)).path]
        wrong = [path[0], path[0]] if trial.number == 1 else []  # out and back
        slip = [trial.show["goods"]] if trial.number == 2 else []
        responses.append(Response(trial.number, [*wrong, *slip, *path], 30_000))
    outcomes = {r.trial_number: ferry.check(trials[r.trial_number - 1], r) for r in responses}
    solved, direct = ferry.measures(trials, outcomes)
    needed = sum(trial.key["crossings"] for trial in trials)
    assert solved.raw == 9
    assert direct.raw == pytest.approx(100 * needed / (needed + 2), abs=1e-9)
    assert direct.low < direct.raw < direct.high


def test_the_search_for_puzzles_finds_what_is_wanted():
    puzzle = find(random.Random(1), goods=4, seats=2, crossings=5, detours=1, tries=40)
    found = analyse(puzzle)
    assert (found.crossings, found.detours, found.solutions) == (5, 1, 1)
