"""A person invites by hand: for the first time, or once more."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.instruments.catalogue import assessments
from eqsr.invitations.models import Trigger
from tests.invitations.conftest import at_once, change, only, take_link
from tests.page_text import text_of


def application_id(story) -> uuid.UUID:
    with story.world.app.app_context():
        return db.session.scalars(select(Application.id)).one()


def test_somebody_in_another_stage_is_invited_by_hand_once(story, bob):
    ada = story.applies()
    story.told()
    story.work()
    path = f"/jobs/{story.job_id}/invite/{application_id(story)}"
    assert path in bob.sees(f"/jobs/{story.job_id}/why?q=Ada")
    assert "Invite Ada Jansen?" in text_of(bob.sees(path))
    at_once(*[lambda: bob.posts(path, attempt="1")] * 3)
    story.work()
    story.moves(ada)
    story.work()
    assert len(story.mails()) == 1
    assert (only(story).trigger, only(story).attempt) == (Trigger.PERSON, 1)
    assert "Bob invited the candidate to Developers by hand." in story.activity()
    assert any(line.startswith("Not invited again") for line in story.activity())
    assert bob.audited() == ["invitation_by_hand"]


def test_inviting_again_needs_asking_for_it_and_makes_a_new_link(story, bob, invited):
    path = f"/jobs/{story.job_id}/invite/{application_id(story)}"
    assert "There is an open invitation" in text_of(bob.sees(path))
    assert bob.posts(path, attempt="2").status_code == 422
    bob.presses(f"/invitations/{invited}/cancel")
    assert "Invite Ada Jansen again?" in text_of(bob.sees(path))
    assert "made already" in bob.presses(path, attempt="1")
    assert bob.posts(path, attempt="7").status_code == 422
    at_once(*[lambda: bob.posts(path, attempt="2")] * 3)
    story.work()
    first, second = story.mails()
    assert take_link(first) != take_link(second)
    assert [one.attempt for one in story.invitations()] == [1, 2]
    assert bob.audited() == ["invitation_cancelled", "invited_again"]


def test_inviting_again_keeps_to_a_corrected_address(story, bob, invited):
    for email in ("ad@example.com", "ada@example.com"):
        bob.presses(f"/invitations/{invited}/address", email=email)
    bob.presses(f"/invitations/{invited}/cancel")
    path = f"/jobs/{story.job_id}/invite/{application_id(story)}"
    assert "The mail goes to ada@example.com at once" in text_of(bob.sees(path))
    bob.presses(path, attempt="2")
    story.work()
    assert story.mails()[-1]["to"] == ["ada@example.com"]


def test_a_move_and_a_hand_at_once_invite_once(story, bob):
    ada = story.applies()
    story.told()
    story.work()
    path = f"/jobs/{story.job_id}/invite/{application_id(story)}"
    story.moves(ada)
    at_once(lambda: bob.posts(path, attempt="1"), lambda: story.work("webhook_event"))
    story.work()
    assert len(story.mails()) == 1
    assert len(story.invitations()) == 1


@pytest.mark.parametrize("email", [None, "ada at home"])
def test_nobody_without_an_address_is_invited_by_hand(story, bob, email):
    story.applies(email)
    story.told()
    story.work()
    path = f"/jobs/{story.job_id}/invite/{application_id(story)}"
    answer = bob.posts(path, attempt="1")
    assert answer.status_code == 422
    assert "no usable e-mail address" in text_of(answer.text)


def test_who_is_invited_by_hand_has_the_full_time_from_the_mail_on(story, bob):
    story.applies()
    story.told()
    story.work()
    bob.presses(f"/jobs/{story.job_id}/invite/{application_id(story)}", attempt="1")
    before = only(story).expires_at
    with time_machine.travel(now() + timedelta(hours=20)):
        story.work()
    assert timedelta(hours=19) < only(story).expires_at - before < timedelta(hours=21)


def test_inviting_again_asks_for_the_same_assessment(story, bob, invited):
    other = next(one.id for one in assessments() if one.id != only(story).asks_for)
    change(story, invited, assessment=other)
    bob.presses(f"/invitations/{invited}/cancel")
    bob.presses(f"/jobs/{story.job_id}/invite/{application_id(story)}", attempt="2")
    assert [one.assessment for one in story.invitations()] == [other, other]
