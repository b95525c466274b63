"""What a person gave is used, though the last button was never pressed: the clock ends it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations.models import TIME_TO_FINISH, InvitationState
from eqsr.outbox.models import Work, WorkState
from eqsr.sittings import ending, rescoring
from tests.page_text import text_of
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.ending_time import AFTER, passes


@pytest.fixture
def person(world):
    return sit.invite(world)


def test_all_questions_answered_and_finish_never_pressed(client, person, work):
    sit.answer_all(client, person)
    passes(work)
    found = sit.invitation(person)
    assert found.state is InvitationState.COMPLETED
    assert found.completed_at is not None and found.ended_by_clock
    assert len(sit.scores(person)) == 5
    assert all(score.outcome["interpretable"] for score in sit.scores(person))
    told = sit.told(person)
    assert "finished_by_clock" in told and "sitting_finished" not in told
    thanks = client.get(f"{person.path}/done").text
    assert "You had answered everything when the time ended" in thanks


def test_half_of_the_questions_give_no_score_and_a_state_that_says_so(client, person, work):
    sit.start(client, person)
    for page in range(1, 6):
        sit.answer_page(client, person, page)
    passes(work)
    found = sit.invitation(person)
    assert found.state is InvitationState.PARTLY_COMPLETED
    assert found.completed_at is None and found.result_at == found.partly_completed_at
    # Half of each scale's questions are answered, and four fifths would be needed.
    assert sit.scores(person) == []
    page = visit(client, person)
    assert page.status_code == 410
    words = text_of(page.text)
    assert "25 of 50 questions answered." in words
    assert "What you gave until then is kept" in words and "nobody counts it against you" in words
    assert "See your result" not in words


def visit(client, person, path=""):
    """The candidate's page, after the end."""
    with time_machine.travel(now() + AFTER, tick=True):
        return client.get(person.path + path)


def test_scales_with_four_fifths_of_their_answers_are_scored_and_the_others_named(
    client, person, work, app
):
    """Item 1, 6, 11 … belong to one scale, and so on: after page 8 every scale has 8 of 10."""
    sit.start(client, person)
    for page in range(1, 9):
        sit.answer_page(client, person, page)
    passes(work)
    assert sit.invitation(person).state is InvitationState.PARTLY_COMPLETED
    scores = sit.scores(person)
    assert {(one.outcome["answered"], one.outcome["items"]) for one in scores} == {(8, 10)}
    assert len(scores) == 5 and all(one.outcome["interpretable"] for one in scores)
    page = visit(client, person)
    assert page.status_code == 410
    assert "40 of 50 questions answered." in text_of(page.text)
    assert "Too few answers" not in page.text
    results = visit(client, person, "/results")
    assert results.status_code == 200 and "Ended by the clock" in results.text


def test_a_scale_below_four_fifths_is_left_out_and_not_called_uninterpretable(client, person, work):
    sit.start(client, person)
    for page in range(1, 8):
        sit.answer_page(client, person, page)
    eighth = {item: sit.HONEST[item] for item in sit.ITEMS[35:37]}
    sit.answer_page(client, person, 8, eighth, leave_open="1")
    passes(work)
    assert len(sit.scores(person)) == 2
    assert all(one.outcome["answered"] == 8 for one in sit.scores(person))
    words = text_of(visit(client, person).text)
    assert "37 of 50 questions answered. Too few answers for a score: " in words


def test_of_several_instruments_the_finished_ones_count(client, world, work):
    person = sit.invite(world, assessment="ferry+work-style+spotting")
    gaming.begin(client, person)
    gaming.play(client, person, "ferry")
    gaming.begin(client, person)
    for page in range(1, 11):
        sit.answer_page(client, person, page, leave_open="1")
    passes(work)
    assert sit.invitation(person).state is InvitationState.PARTLY_COMPLETED
    assert {one.scale for one in sit.scores(person)} > {"extraversion"}
    words = text_of(visit(client, person).text)
    assert "Spotting: not started." in words
    assert "Ferry:" not in words and "Work style:" not in words


def test_a_game_cut_off_has_no_score_and_one_played_to_its_end_has(client, world, work):
    for how_many, state in ((-1, InvitationState.PARTLY_COMPLETED), (None, "completed")):
        person = sit.invite(world, assessment="ferry")
        gaming.begin(client, person)
        given = gaming.responses(person, "ferry")
        gaming.send_all(client, person, "ferry", given[:how_many])
        passes(work)
        assert sit.invitation(person).state == state
        assert bool(sit.scores(person)) == (state == "completed")
        if state is InvitationState.PARTLY_COMPLETED:
            assert "not played to its end, so it has no score" in visit(client, person).text


def test_started_and_nothing_answered_expires(client, person, work):
    sit.start(client, person)
    passes(work)
    assert sit.invitation(person).state is InvitationState.EXPIRED
    assert "nothing_given" in sit.told(person)
    assert visit(client, person).status_code == 410


def test_a_candidate_has_until_a_day_after_the_deadline(client, person, work):
    sit.answer_all(client, person)
    passes(work, timedelta(days=14, hours=23))
    assert sit.invitation(person).state is InvitationState.STARTED
    passes(work, timedelta(days=14) + TIME_TO_FINISH)
    assert sit.invitation(person).state is InvitationState.COMPLETED


def test_time_given_again_meanwhile_is_not_ended(client, person, work):
    sit.answer_all(client, person)
    with time_machine.travel(now() + AFTER, tick=True):
        work.by_clock()
        sit.change(person, expires_at=now() + timedelta(days=1))
        work("end_by_clock")
    assert sit.invitation(person).state is InvitationState.STARTED


def test_ending_twice_ends_once(client, person, work, app):
    sit.answer_all(client, person)
    with time_machine.travel(now() + AFTER, tick=True), app.app_context():
        for _time in range(2):
            ending.end(person.invitation)
        assert ending.request_due() == 0
    assert sit.told(person).count("finished_by_clock") == 1
    assert len(work.rows("ended_mail")) == 1


def test_the_clock_asks_once_for_what_has_not_been_done_or_failed_for_good(
    client, person, work, app
):
    sit.answer_all(client, person)
    with time_machine.travel(now() + AFTER, tick=True), app.app_context():
        assert (ending.request_due(), ending.request_due()) == (1, 0)
        with transaction() as session:
            session.execute(update(Work).values(state=WorkState.DEAD))
        assert ending.request_due() == 0


def test_an_old_one_is_ended_without_a_mail(client, person, work):
    """An upgrade finds invitations that nothing had ended for months."""
    sit.answer_all(client, person)
    passes(work, timedelta(days=90))
    assert sit.invitation(person).state is InvitationState.COMPLETED
    assert work.rows("ended_mail") == []


def test_taken_at_another_platform_it_expires_and_its_result_is_still_taken(world, person, work):
    """Nothing was given here, whatever was given there."""
    sit.change(person, state=InvitationState.STARTED, started_at=now())
    passes(work)
    assert sit.invitation(person).state is InvitationState.EXPIRED


def test_scored_again_what_was_too_little_stays_unscored(client, person, work, app):
    sit.start(client, person)
    for page in range(1, 8):
        sit.answer_page(client, person, page)
    sit.answer_page(client, person, 8, {36: sit.HONEST[36]}, leave_open="1")
    passes(work)
    before = sorted(one.scale for one in sit.scores(person))
    assert len(before) == 1
    with app.app_context():
        assert rescoring.request_rescoring() == 1
    work("rescore")
    assert sorted(one.scale for one in sit.scores(person)) == before
