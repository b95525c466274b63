"""Span: the worked example, the stop rule, and the exact distribution behind the band."""

import random
from statistics import NormalDist

import pytest

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.tasks import Response, n_back, pace, span
from eqsr.instruments.tasks.span_band import _right_counts, success
from tests.instruments.players import play

DIGITS = catalogue.instrument("digit-span")
N_BACK = catalogue.instrument("n-back")
SPOTTING = catalogue.instrument("spotting")


def test_the_worked_example():
    """Two trials at 3 to 8, right 2 2 2 1 1 0: mean span 6.5."""
    wanted = dict(zip(range(3, 9), (2, 2, 2, 1, 1, 0), strict=True))
    trials = tasks.generate(DIGITS, 1)
    seen = {}

    def right(trial):
        if trial.key["scale"] == "backward":
            return True
        length = trial.key["length"]
        seen[length] = seen.get(length, 0) + 1
        return seen[length] <= wanted[length]

    responses = play(DIGITS, trials, right)
    forward = tasks.score(DIGITS, trials, responses).scales[0]
    assert forward.raw == 6.5
    assert (forward.answered, forward.items) == (12, 12)
    assert forward.raw_low < 6.5 < forward.raw_high
    assert 9 not in seen


def test_backward_is_the_sequence_turned_round():
    trial = next(t for t in tasks.generate(DIGITS, 2) if t.key["scale"] == "backward")
    assert trial.key["answer"] == trial.show["sequence"][::-1]
    assert not span.check(trial, Response(trial.number, trial.show["sequence"])).correct


def test_success_is_one_half_at_the_span():
    assert success(6, 6, 0.6) == 0.5
    assert success(6, 5, 0.6) + success(6, 7, 0.6) == pytest.approx(1, abs=1e-12)


def test_the_distribution_under_the_stop_rule_is_that_of_playing():
    exact = _right_counts(5.5, range(3, 10), 0.6)
    assert sum(exact) == pytest.approx(1, abs=1e-12)
    rng, played = random.Random(4), [0] * 15
    for _ in range(20_000):
        right = 0
        for length in range(3, 10):
            hits = sum(rng.random() < success(5.5, length, 0.6) for _ in range(2))
            right += hits
            if hits == 0:
                break
        played[right] += 1
    for chance, count in zip(exact, played, strict=True):
        spread = (20_000 * chance * (1 - chance)) ** 0.5
        assert abs(count - 20_000 * chance) <= 4.5 * spread + 1


def test_n_back_counts_all_levels_together():
    trials = tasks.generate(N_BACK, 5)
    misses = {t.number for t in [t for t in trials if t.key["answer"]][::4]}
    responses = play(N_BACK, trials, lambda trial: trial.number not in misses)
    (score,) = tasks.score(N_BACK, trials, responses).scales
    z = NormalDist().inv_cdf
    assert score.raw == pytest.approx(z(30.5 / 41) - z(0.5 / 81), abs=1e-9)
    assert (score.answered, score.items) == (120, 120)


def test_n_back_sequences_hold_what_they_promise():
    for seed in range(30):
        trials = tasks.generate(N_BACK, seed)
        assert n_back.prove(trials) == []
        for number in range(1, 6):
            own = [trial for trial in trials if trial.round == number]
            assert sum(trial.key["answer"] for trial in own) == 8
            assert sum(trial.key["scored"] for trial in own) == 24
            letters = [trial.show["letter"] for trial in own]
            level = own[0].key["level"]
            for place, trial in enumerate(own):
                assert trial.show["before"] == letters[max(0, place - level) : place]


def test_pace_by_hand():
    trials = tasks.generate(SPOTTING, 6)
    responses = play(SPOTTING, trials, lambda trial: trial.number % 6 != 0)
    by_scale = {s.scale: s for s in tasks.score(SPOTTING, trials, responses).scales}
    right = sorted(r.response_ms for r in responses if r.trial_number % 6)
    assert by_scale["pace"].raw == pytest.approx((right[29] + right[30]) / 2, abs=1e-9)
    assert by_scale["accuracy"].raw == pytest.approx(100 * 60 / 72, abs=1e-9)
    minutes = sum(r.response_ms for r in responses) / 60_000
    assert by_scale["balance"].raw == pytest.approx(60 / minutes, abs=1e-9)


def test_no_answer_in_time_is_not_right_and_costs_its_time():
    trials = tasks.generate(SPOTTING, 7)
    responses = [
        Response(r.trial_number, None, 8000, r.shown_at * 9, "a", 0, True)
        if r.trial_number <= 6
        else Response(r.trial_number, r.response, 1000, r.shown_at * 9, "a")
        for r in play(SPOTTING, trials)
    ]
    by_scale = {s.scale: s for s in tasks.score(SPOTTING, trials, responses).scales}
    assert by_scale["accuracy"].raw == pytest.approx(100 * 66 / 72, abs=1e-9)
    assert by_scale["balance"].raw == pytest.approx(
        66 / ((66 * 1000 + 6 * 8000) / pace.MINUTE_MS), abs=1e-9
    )
    assert by_scale["pace"].raw == 1000
