"""Tampering and carelessness: refused or flagged, and never a low score."""

from dataclasses import replace

import pytest

from eqsr.instruments import catalogue, tasks
from eqsr.instruments.tasks import Response
from tests.instruments.players import TASKS, mixed, play

SWITCHING = catalogue.instrument("switching")
SPAN = catalogue.instrument("digit-span")
N_BACK = catalogue.instrument("n-back")
MATRIX = catalogue.instrument("matrix")
EVERY = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
GOOD = {"trial_number": 1, "response": "left", "response_ms": 700.5, "shown_at": 12, "load": "a"}


def codes(validation):
    return [refusal.code for refusal in validation.refused]


def test_a_posted_response_is_read():
    response = Response.from_posted(GOOD | {"focus_lost": 1, "timed_out": False})
    assert response == Response(1, "left", 700.5, 12, "a", 1, False)
    assert Response.from_posted({"trial_number": 3}) == Response(3, None)


@pytest.mark.parametrize(
    "change",
    [
        {"score": 10},
        {"correct": True},
        {"trial_number": "1"},
        {"trial_number": True},
        {"trial_number": -1},
        {"response_ms": -5},
        {"response_ms": float("nan")},
        {"response_ms": 1e12},
        {"shown_at": "now"},
        {"load": 7},
        {"focus_lost": "often"},
        {"timed_out": 1},
    ],
)
def test_posted_scores_and_impossible_values_are_refused(change):
    with pytest.raises(ValueError):
        Response.from_posted(GOOD | change)


@pytest.mark.parametrize("posted", [None, [], "x", {"response": "left"}])
def test_what_is_no_response_is_refused(posted):
    with pytest.raises(ValueError):
        Response.from_posted(posted)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"responses": "all"},
        {"responses": [GOOD], "score": 99},
        {"responses": [GOOD | {"trial_number": 9999}]},
        {"responses": [GOOD] * 101},
    ],
)
def test_a_post_that_is_none_is_refused_whole(body):
    trials = tasks.generate(SWITCHING, 1)
    with pytest.raises(ValueError):
        tasks.receive(SWITCHING, trials, [], body)


@EVERY
def test_posting_everything_twice_changes_nothing(task):
    trials = tasks.generate(task, 2)
    responses = play(task, trials, mixed(2))
    body = {"responses": [response.to_dict() for response in responses][:40]}
    stored = tasks.receive(task, trials, [], body)
    assert tasks.receive(task, trials, stored, body) == []
    twice = tasks.score(task, trials, [*responses, *responses])
    assert twice == tasks.score(task, trials, responses)


@EVERY
def test_a_second_answer_to_a_trial_does_not_count_and_is_flagged(task):
    trials = tasks.generate(task, 3)
    wrong, right = play(task, trials, lambda t: False), play(task, trials)
    better = [r for r in right if r.trial_number in {w.trial_number for w in wrong}]
    again = [*wrong, *better[:4]]
    validation = tasks.validate(task, trials, again)
    assert set(codes(validation)) == {"changed"}
    assert [validation.accepted[w.trial_number] for w in wrong] == wrong
    result = tasks.score(task, trials, again)
    flag = next(flag for flag in result.quality.flags if flag.code == "refused")
    assert flag.value == len(again) - len(wrong)
    assert flag.void == (flag.value >= 3)
    assert not (flag.void and result.interpretable)
    assert [s.raw for s in result.scales] == [
        s.raw for s in tasks.score(task, trials, wrong).scales
    ]


def test_trials_of_a_later_round_are_not_taken_early():
    trials = tasks.generate(SWITCHING, 4)
    late = [Response(trial.number, "left", 700) for trial in trials if trial.round == 3]
    validation = tasks.validate(SWITCHING, trials, late)
    assert validation.accepted == {}
    assert set(codes(validation)) == {"not_due"}


def test_reordered_rounds_do_not_count_and_the_rest_is_not_read():
    trials = tasks.generate(SWITCHING, 4)
    responses = play(SWITCHING, trials)
    turned = sorted(responses, key=lambda r: -trials[r.trial_number - 1].round)
    result = tasks.score(SWITCHING, trials, turned)
    assert not result.interpretable
    assert "answered" in [flag.code for flag in result.quality.flags]


def test_after_the_stop_rule_nothing_more_is_taken():
    trials = tasks.generate(SPAN, 5)
    wrong = [Response(n, [1], 4000) for n in (1, 2)]
    longer = Response(3, trials[2].key["answer"], 9000)
    validation = tasks.validate(SPAN, trials, [*wrong, longer])
    assert set(validation.accepted) == {1, 2}
    assert codes(validation) == ["not_due"]
    assert tasks.to_do(SPAN, trials, wrong)[0].key["scale"] == "backward"


@EVERY
@pytest.mark.parametrize("response", [{"score": 10}, "best", 99, [99], ["x"], 1.5])
def test_answers_that_a_task_does_not_have_are_refused(task, response):
    trials = tasks.generate(task, 6)
    validation = tasks.validate(task, trials, [Response(1, response, 900)])
    assert codes(validation) == ["malformed"]
    assert validation.accepted == {}
    assert tasks.to_do(task, trials, [Response(1, response, 900)])[0].number == 1


def test_trials_shown_before_the_one_before_was_over_are_flagged():
    trials = tasks.generate(SWITCHING, 7)
    responses = play(SWITCHING, trials, shown_at=100.0)
    validation = tasks.validate(SWITCHING, trials, responses)
    assert len(validation.impossible) == len(responses) - 1
    result = tasks.score(SWITCHING, trials, responses)
    assert not result.interpretable
    assert "impossible_times" in [flag.code for flag in result.quality.flags]


def test_two_loadings_of_the_page_each_have_a_clock():
    trials = tasks.generate(SWITCHING, 8)
    responses = play(SWITCHING, trials)
    again = [
        replace(r, load="second", shown_at=r.shown_at - 5000) if r.trial_number > 40 else r
        for r in responses
    ]
    assert tasks.validate(SWITCHING, trials, again).impossible == ()


def test_loading_the_page_anew_to_see_a_trial_again_is_told():
    """Whoever reloads sees the sequence once more; whoever pauses between rounds does not."""
    trials = tasks.generate(SPAN, 8)
    rounds = {trial.number: trial.round for trial in trials}
    responses = play(SPAN, trials)
    paused = [replace(r, load=f"round-{rounds[r.trial_number]}") for r in responses]
    assert tasks.score(SPAN, trials, paused).quality.flags == ()
    again = [replace(r, load=f"trial-{r.trial_number}") for r in responses]
    (flag,) = tasks.score(SPAN, trials, again).quality.flags
    assert (flag.code, flag.value, flag.void) == ("focus_lost", 0.5, True)


def test_an_answer_long_after_its_limit_is_impossible_and_a_little_late_is_not():
    trials = tasks.generate(SWITCHING, 9)
    responses = play(SWITCHING, trials)
    responses[5] = replace(responses[5], response_ms=60_000.0, shown_at=None)
    assert tasks.validate(SWITCHING, trials, responses).impossible == (6,)
    responses[5] = replace(responses[5], response_ms=4500.0)
    assert tasks.validate(SWITCHING, trials, responses).impossible == ()


@pytest.mark.parametrize(
    ("task", "changes", "code"),
    [
        (SWITCHING, {"response_ms": 90.0}, "too_fast"),
        (SPAN, {"response_ms": 200.0}, "too_fast"),
        (MATRIX, {"response_ms": 700.0}, "too_fast"),
        (SWITCHING, {"focus_lost": 1}, "focus_lost"),
        (SWITCHING, {"timed_out": True}, "timed_out"),
        (MATRIX, {"timed_out": True}, "timed_out"),
    ],
)
def test_careless_playing_is_not_interpretable_and_keeps_its_raw_score(task, changes, code):
    trials = tasks.generate(task, 10)
    result = tasks.score(task, trials, play(task, trials, **changes))
    assert not result.interpretable
    flag = next(flag for flag in result.quality.flags if flag.code == code)
    assert flag.void
    assert flag.sentence.endswith(".")
    assert all(score.sten is None for score in result.scales)


def test_one_lost_moment_in_ten_is_said_and_still_read():
    trials = tasks.generate(SWITCHING, 11)
    responses = [
        replace(r, focus_lost=int(r.trial_number % 8 == 0)) for r in play(SWITCHING, trials)
    ]
    result = tasks.score(SWITCHING, trials, responses)
    assert result.interpretable
    assert [flag.code for flag in result.quality.flags] == ["focus_lost"]
    assert "12%" in result.quality.flags[0].sentence


@pytest.mark.parametrize(("pressed", "code"), [(False, "hardly_pressed"), (True, "always_pressed")])
def test_never_or_always_pressing_is_not_playing(pressed, code):
    trials = tasks.generate(N_BACK, 12)
    responses = play(N_BACK, trials, lambda trial: trial.key["answer"] == pressed)
    result = tasks.score(N_BACK, trials, responses)
    assert not result.interpretable
    assert code in [flag.code for flag in result.quality.flags]


def test_one_button_all_the_way_is_not_a_low_score():
    trials = tasks.generate(SWITCHING, 13)
    responses = play(SWITCHING, trials, lambda trial: trial.key["answer"] == "left")
    result = tasks.score(SWITCHING, trials, responses)
    assert not result.interpretable
    assert {"guessing", "same_key"} <= {flag.code for flag in result.quality.flags}
    assert all(score.sten is None for score in result.scales)


def test_puzzles_passed_over_are_not_a_low_score():
    ferry = catalogue.instrument("ferry")
    trials = tasks.generate(ferry, 14)
    responses = [Response(trial.number, [], 5000, trial.number * 6000, "a") for trial in trials]
    result = tasks.score(ferry, trials, responses)
    assert not result.interpretable
    assert "not_tried" in [flag.code for flag in result.quality.flags]


@EVERY
def test_attentive_players_are_read(task):
    for seed in range(6):
        trials = tasks.generate(task, seed)
        result = tasks.score(task, trials, play(task, trials, mixed(seed, 0.85)))
        assert result.interpretable, result.quality.flags
