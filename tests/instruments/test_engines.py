"""What holds for every task: trials from seeds, secrecy, scoring, replaying."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eqsr.instruments import tasks
from eqsr.instruments.definitions.norm_groups import Norm, ScaleNorm
from eqsr.instruments.scoring.norming import sten
from eqsr.instruments.tasks import Response, Trial
from tests.instruments.players import TASKS, mixed, play

EVERY = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
BEST = {
    "digit-span": {"forward": 9.5, "backward": 8.5},
    "block-span": {"blocks": 9.5},
    "ferry": {"solved": 9, "directness": 100},
    "matrix": {"right": 15},
    "switching": {"accuracy": 100},
    "spotting": {"accuracy": 100},
}
WORST = {"digit-span": {"forward": 2.5, "backward": 1.5}, "block-span": {"blocks": 1.5}}
WORST |= {"ferry": {"solved": 0, "directness": None}, "matrix": {"right": 0}}


@EVERY
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_trials_of_any_seed_are_sound(task, seed):
    trials = tasks.generate(task, seed)
    assert tasks.ENGINES[task.engine].prove(trials) == []
    assert trials == tasks.generate(task, seed)
    assert [trial.number for trial in trials] == list(range(1, len(trials) + 1))
    stored = json.loads(json.dumps([trial.to_dict() for trial in trials]))
    assert [Trial.from_dict(one) for one in stored] == trials


@EVERY
def test_another_seed_gives_another_task(task):
    assert tasks.generate(task, 1) != tasks.generate(task, 2)


@EVERY
def test_the_browser_is_told_no_answer_but_in_practice(task):
    trials = tasks.generate(task, 5)
    state = tasks.state(task, trials, [], 5)
    shown = json.dumps(state["trials"])
    for secret in ("answer", "difficulty", "scored", "steepness", "slope", '"rules": {'):
        assert secret not in shown
    assert {one["round"] for one in state["trials"]} == {1}
    assert all("answer" in one for one in state["practice"])
    assert state["practice"] == tasks.practice(task, 6)


@EVERY
def test_all_right_is_the_best_score_and_all_wrong_is_not_tampering(task):
    trials = tasks.generate(task, 7)
    best = tasks.score(task, trials, play(task, trials))
    assert best.interpretable
    assert best.quality.flags == ()
    for scale, raw in BEST.get(task.id, {}).items():
        assert next(s for s in best.scales if s.scale == scale).raw == raw
    worst = tasks.score(task, trials, play(task, trials, lambda trial: False))
    for scale, raw in WORST.get(task.id, {}).items():
        assert next(s for s in worst.scales if s.scale == scale).raw == raw
    assert worst.quality.measures["refused"] == 0


@EVERY
@pytest.mark.parametrize("seed", range(4))
def test_a_score_lies_in_its_band_and_in_its_range(task, seed):
    trials = tasks.generate(task, seed)
    result = tasks.score(task, trials, play(task, trials, mixed(seed)))
    assert result.interpretable
    for score in result.scales:
        scale = task.scale(score.scale)
        if not score.interpretable:
            assert score.scale == "directness"
            continue
        assert score.raw_low <= score.raw <= score.raw_high
        assert score.raw_low < score.raw_high
        assert scale.least <= score.raw <= scale.most or task.id == "switching"
        assert not score.normed
        assert (score.sten, score.percentile, score.t, score.band_word) == (None,) * 4
        assert len(score.halves) == 2


@EVERY
@pytest.mark.parametrize("right", [True, False])
def test_the_best_and_the_worst_lie_in_their_bands(task, right):
    trials = tasks.generate(task, 5)
    result = tasks.score(task, trials, play(task, trials, lambda trial: right))
    for score in result.scales:
        if score.interpretable:
            scale = task.scale(score.scale)
            assert score.raw_low <= score.raw <= score.raw_high
            assert score.raw_high <= scale.most or scale.unit not in ("digits", "blocks")


@EVERY
def test_scoring_what_was_stored_again_gives_the_same(task):
    trials = tasks.generate(task, 9)
    responses = play(task, trials, mixed(9))
    kept = json.loads(
        json.dumps({"t": [t.to_dict() for t in trials], "r": [r.to_dict() for r in responses]})
    )
    again = tasks.score(
        task, [Trial.from_dict(t) for t in kept["t"]], [Response(**r) for r in kept["r"]]
    )
    first = tasks.score(task, trials, responses)
    assert again == first
    assert json.loads(json.dumps(first.to_dict(), allow_nan=False)) == json.loads(
        json.dumps(again.to_dict())
    )


@EVERY
def test_a_sitting_can_stop_after_any_trial_and_go_on(task):
    trials = tasks.generate(task, 11)
    responses = play(task, trials, mixed(11))
    step = max(1, len(responses) // 12)
    for stop in range(0, len(responses), step):
        todo = tasks.to_do(task, trials, responses[:stop])
        assert todo[0].number == responses[stop].trial_number
        assert {trial.round for trial in todo} == {todo[0].round}
    assert tasks.to_do(task, trials, responses) == []
    done, parts = tasks.progress(task, trials, responses)
    assert done == parts


@EVERY
def test_half_a_task_is_not_scored_low_but_not_at_all(task):
    trials = tasks.generate(task, 12)
    responses = play(task, trials)
    half = tasks.score(task, trials, responses[: len(responses) // 2])
    assert not half.interpretable
    assert all(score.sten is None and score.raw_low is None for score in half.scales)
    assert "answered" in [flag.code for flag in half.quality.flags]
    assert tasks.score(task, trials, []).interpretable is False


@EVERY
def test_more_time_stretches_the_limits_and_nothing_else(task):
    usual, longer = tasks.generate(task, 13), tasks.generate(task, 13, time_factor=1.5)
    for one, other in zip(usual, longer, strict=True):
        assert other.key == one.key
        if one.limit_ms:
            assert other.limit_ms == round(one.limit_ms * 1.5)


@EVERY
def test_a_norm_gives_stens_and_leaves_the_raw_score(task):
    trials = tasks.generate(task, 14)
    responses = play(task, trials, mixed(14, 0.9))
    raw = tasks.score(task, trials, responses)
    groups = {s.scale: ScaleNorm(mean=s.raw - 1.2, sd=2.0) for s in raw.scales if s.raw is not None}
    norm = Norm("local", "1", "Local", "here", "ours", 100, "2026-11-01", "ours", (), groups)
    normed = tasks.score(task, trials, responses, norm)
    for before, after in zip(raw.scales, normed.scales, strict=True):
        if not before.interpretable:
            continue
        assert (after.raw, after.raw_low, after.raw_high) == (
            before.raw,
            before.raw_low,
            before.raw_high,
        )
        assert after.z == pytest.approx(0.6, abs=1e-9)
        assert (after.sten, after.norm_id) == (sten(0.6), "local")
        assert after.band_low <= after.position + 0.8
        assert after.band_high >= after.position - 0.8
        mean, sd = groups[after.scale].mean, groups[after.scale].sd
        ends = [2 * (end - mean) / sd + 5.5 for end in (after.raw_low, after.raw_high)]
        clipped = [round(min(10, max(1, end)), 1) for end in ends]
        assert [after.band_low, after.band_high] == clipped


@EVERY
def test_an_engine_knows_no_web_and_no_database(task):
    engine = tasks.ENGINES[task.engine]
    names = set(vars(engine)) | set(vars(tasks))
    assert not names & {"flask", "db", "sqlalchemy", "request"}
