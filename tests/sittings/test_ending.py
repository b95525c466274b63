"""What a person gave is used, though the last button was never pressed: the clock ends it."""

from datetime import timedelta

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState
from tests.page_text import text_of
from tests.sittings import sitting as sit

AFTER = timedelta(days=16)


@pytest.fixture
def person(world):
    return sit.invite(world)


def passes(work, after: timedelta = AFTER) -> None:
    """The time goes by, and the clock's tasks and their work are done."""
    with time_machine.travel(now() + after, tick=True):
        work.by_clock()
        work("end_by_clock")


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
    page = client.get(person.path)
    assert page.status_code == 410
    words = text_of(page.text)
    assert "25 of 50 questions answered." in words
    assert "What you gave until then is kept" in words and "nobody counts it against you" in words
    assert "See your result" not in words
