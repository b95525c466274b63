"""Our copy of a candidate is brought up to date after it has served once."""

from datetime import timedelta

import pytest
import time_machine

from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import InvitationState as State
from tests.invitations.dates import working_day
from tests.invitations.reminders import look, was_sent
from tests.page_text import text_of

LATER = timedelta(minutes=11)


@pytest.fixture
def ada(story, invited):
    return story.box.get(f"companies/{story.company}/candidates")[0]


def corrected(story, ada, **facts) -> None:
    """Somebody corrects the profile in SmartRecruiters, which tells us."""
    story.box.post(f"companies/{story.company}/candidates/{ada['id']}", facts)
    story.told()


def stored(story) -> Candidate:
    with story.world.app.app_context():
        return db.session.query(Candidate).one()


def test_a_corrected_name_reaches_who_was_invited(story, ada, bob):
    corrected(story, ada, firstName="Adaline")
    with time_machine.travel(now() + LATER, tick=True):
        story.work()
    assert stored(story).first_name == "Adaline"
    (invitation,) = story.invitations()
    page = f"/candidates/{invitation.application.candidate_id}"
    assert "Adaline" in text_of(bob.sees(page))


def test_the_reminder_greets_by_the_corrected_name(story, ada, bob):
    was_sent(story, working_day(1) - timedelta(days=2, hours=23))
    corrected(story, ada, firstName="Adaline")
    with time_machine.travel(working_day(4)):
        look(story)
    mail = story.mails()[-1]
    assert "Hello Adaline" in mail["text"]


def test_a_corrected_address_is_followed_until_the_candidate_starts(story, ada):
    for round in (1, 2):
        corrected(story, ada, email="ada@right.example", lastName=f"Jansen {round}")
        with time_machine.travel(now() + LATER * round, tick=True):
            story.work()
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.email) == (State.SENT, "ada@right.example")
    assert len(story.mails("ada@right.example")) == 1
    told = "The address was corrected in SmartRecruiters, so the invitation goes to {}."
    assert story.activity().count(told.format("ada@right.example")) == 1


def test_who_has_started_keeps_the_address(story, ada, client):
    link = story.mails()[0]["text"].partition("/take/")[2].split()[0]
    client.post(f"/take/{link}/start")
    corrected(story, ada, email="ada@right.example", firstName="Adaline")
    with time_machine.travel(now() + LATER, tick=True):
        story.work()
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.email) == (State.STARTED, "ada@example.org")
    assert stored(story).first_name == "Adaline"


def test_an_address_typed_here_is_not_set_back(story, ada, bob, invited):
    bob.presses(f"/invitations/{invited}/address", email="typed@example.org")
    corrected(story, ada, firstName="Adaline")
    with time_machine.travel(now() + LATER, tick=True):
        story.work()
    assert story.invitations()[0].email == "typed@example.org"


def test_who_left_the_stage_is_not_mailed_at_the_new_address(story, ada):
    story.moves(ada, status="INTERVIEW")
    corrected(story, ada, email="ada@right.example")
    with time_machine.travel(now() + LATER, tick=True):
        story.work()
    assert story.mails("ada@right.example") == []


def test_a_mail_goes_out_with_the_copy_while_smartrecruiters_is_away(story, ada, bob, invited):
    path = f"/candidates/{ada['id']}"
    story.box.post("faults", {"kind": "503", "match": {"path": path}})
    with time_machine.travel(now() + LATER, tick=True):
        bob.presses(f"/invitations/{invited}/resend")
        story.work()
    assert len(story.mails("ada@example.org")) == 2


def test_a_page_shows_the_copy_and_asks_a_worker(story, ada, bob, invited):
    story.work()
    with time_machine.travel(now() + LATER, tick=True):
        for _twice in range(2):
            bob.sees(f"/invitations/{invited}")
        assert len([row for row in story.work.rows("refresh_candidate") if row.open_key]) == 1


def test_our_own_tags_cost_one_call_in_ten_minutes(story, ada):
    corrected(story, ada, firstName="Adaline")
    corrected(story, ada, firstName="Ada Maria")
    story.work()
    assert stored(story).first_name == "Ada"
    with time_machine.travel(now() + LATER, tick=True):
        story.work()
        assert stored(story).first_name == "Ada Maria"
    assert len(story.work.rows("refresh_candidate")) == 1
