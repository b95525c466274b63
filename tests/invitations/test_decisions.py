"""None"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.invitations.decisions import CLOCK_SKEW, decide
from eqsr.smartrecruiters.types.stages import Stage
from tests.invitations.decision_facts import OTHER, START, WANTED, reading, watch


def test_moved_into_the_stage_is_invited():
    assert decide(watch(), reading()).invite


@pytest.mark.parametrize(
    ("watched", "read", "kind"),
    [
        (watch(invited_on=START), reading(), "already_invited"),
        (watch(), reading(stage=OTHER, moves=((1, OTHER),)), "not_in_stage"),
        (watch(), reading(stage=Stage("IN_REVIEW"), moves=()), "not_in_stage"),
        (watch(), reading(stage=OTHER, moves=((1, WANTED), (2, OTHER))), "left_stage"),
        (watch(), reading(stage=OTHER, moves=((-60, WANTED), (2, OTHER))), "not_in_stage"),
        (watch(job_open=False), reading(), "job_not_open"),
        (watch(), reading(moves=((-60, WANTED),)), "moved_before_connecting"),
        (watch(), reading(moves=(), just_moved=False), "moved_before_connecting"),
        (watch(), reading(email=None), "no_email"),
        (watch(), reading(email="  "), "no_email"),
        (watch(), reading(email="nobody"), "bad_email"),
    ],
)
def test_each_reason_not_to_invite(watched, read, kind):
    decision = decide(watched, read)
    assert (decision.invite, decision.kind) == (False, kind)


def test_in_out_and_in_again_is_invited():
    moves = ((1, WANTED), (2, OTHER), (3, WANTED))
    assert decide(watch(), reading(moves=moves)).invite


def test_without_a_history_the_word_of_an_event_counts():
    assert decide(watch(), reading(moves=(), just_moved=True)).invite


def test_the_other_clock_may_be_a_little_behind():
    late = CLOCK_SKEW.total_seconds() / 60
    assert decide(watch(), reading(moves=((-late, WANTED),))).invite
    assert not decide(watch(), reading(moves=((-late - 0.1, WANTED),))).invite


STAGES = st.sampled_from([WANTED, OTHER, Stage("IN_REVIEW"), Stage("HIRED")])


@given(st.lists(STAGES, min_size=1), st.booleans(), st.booleans(), st.booleans())
def test_nobody_is_invited_out_of_stage_or_twice(stages, invited, job_open, just_moved):
    moves = tuple(enumerate(stages))
    watched = watch(invited_on=START if invited else None, job_open=job_open)
    decision = decide(watched, reading(stages[-1], moves, just_moved=just_moved))
    assert decision.invite == (stages[-1] == WANTED and not invited and job_open)
