"""A forgotten password."""

import re
from datetime import timedelta

import pytest
import time_machine

from eqsr.accounts.models import PasswordRequest
from eqsr.core.clock import now
from eqsr.core.db import db
from tests.accounts.new_password import FRESH, SAME
from tests.people import anybody, link_in, main_words, person
from tests.statements import statements
from tests.teams.members import member
from tests.world import PASSWORD


@pytest.fixture
def link(world, box, work):
    anybody(world).presses("/password/forgotten", email=world.bob)
    work()
    return link_in(box, world.bob, "/password/reset/")


def test_a_new_password_by_mail(world, box, work):
    elsewhere = person(world, world.bob)
    bob = anybody(world)
    assert "Check your inbox" in bob.presses("/password/forgotten", email="BOB@northwind.example")
    work()
    link = link_in(box, world.bob, "/password/reset/")
    assert world.bob in bob.sees(link)
    assert bob.posts(link, **SAME).location == "/"
    assert bob.browser.get("/jobs").status_code == 200
    assert elsewhere.browser.get("/jobs").status_code == 302
    assert anybody(world).posts("/login", email=world.bob, password=PASSWORD).status_code == 401
    assert anybody(world).posts("/login", email=world.bob, password=FRESH).status_code == 302
    work()
    told = box.get("mails", to=world.bob)[-1]
    assert told["subject"] == "Your password for Equalture was changed"
    assert re.search(r"When: .* CES?T\b", told["text"]), "by the clock of the organisation"


def test_the_answer_does_not_tell_who_has_an_account(world, box, work):
    person(world, world.alice).presses(member(world, world.dora, "deactivate"))
    answers = set()
    for email in (world.bob, world.dora, "nobody@northwind.example"):
        answer = anybody(world).posts("/password/forgotten", email=email)
        answers.add((answer.status_code, answer.location))
    assert answers == {(303, "/password/forgotten?sent=1")}
    work()
    assert [mail["to"] for mail in box.get("mails")] == [[world.bob]]


def test_the_request_does_not_look_whose_address_it_is(world, box, work):
    """So its time can't tell who has an account: the statements are the same."""
    browser = anybody(world)
    browser.posts("/password/forgotten", email="warm@northwind.example")
    known, unknown = (
        statements(world.app, lambda email=email: browser.posts("/password/forgotten", email=email))
        for email in (world.bob, "nobody@northwind.example")
    )
    assert known == unknown != []
    assert not any("user_account" in one for one in known)
    work()
    assert [mail["to"] for mail in box.get("mails")] == [[world.bob]]
    with world.app.app_context():
        assert db.session.scalars(db.select(PasswordRequest)).all() == [], "kept no longer"


def test_a_request_that_waited_for_half_a_day_is_no_longer_meant(world, box, work):
    anybody(world).posts("/password/forgotten", email=world.bob)
    with time_machine.travel(now() + timedelta(hours=13)):
        work()
    assert box.get("mails") == []


def test_a_link_works_once(world, link):
    assert anybody(world).posts(link, **SAME).status_code == 303
    again = anybody(world)
    assert again.browser.get(link).status_code == 410
    assert "This link can't be used" in main_words(again.posts(link, **SAME))


def test_a_link_works_for_an_hour(world, link):
    with time_machine.travel(now() + timedelta(minutes=59)):
        assert anybody(world).browser.get(link).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert anybody(world).browser.get(link).status_code == 410


def test_a_used_link_ends_the_earlier_ones(world, box, work, link):
    with time_machine.travel(now() + timedelta(minutes=5)):
        anybody(world).presses("/password/forgotten", email=world.bob)
        work()
        second = link_in(box, world.bob, "/password/reset/")
        assert second != link
        assert anybody(world).posts(second, **SAME).status_code == 303
        assert anybody(world).browser.get(link).status_code == 410


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short", "at least 12 characters"),
        ("qwertyuiop12", "tried first"),
        ("bob@northwind.example", "your e-mail address"),
        ("northwind.2026", "your e-mail address"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_kept(world, link, new, why):
    bob = anybody(world)
    answer = bob.posts(link, new=new, repeated=new)
    assert answer.status_code == 422
    assert why in main_words(answer)
    assert bob.posts(link, **SAME).status_code == 303


def test_a_double_click_sends_one_mail_and_asking_often_is_stopped(world, box, work):
    bob = anybody(world)
    answers = [bob.posts("/password/forgotten", email=world.bob).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    work()
    assert len(box.get("mails", to=world.bob)) == 1


def test_a_mail_that_the_server_did_not_take_carries_a_link_that_works(world, box, work):
    box.post("faults", {"kind": "smtp_4xx", "times": 1})
    anybody(world).presses("/password/forgotten", email=world.bob)
    work()
    work.hurry()
    work()
    link = link_in(box, world.bob, "/password/reset/")
    assert anybody(world).posts(link, **SAME).status_code == 303


def test_a_mail_that_a_crash_sends_twice_carries_the_same_link(world, box, work):
    box.post("faults", {"kind": "smtp_drop_before_250", "times": 1})
    anybody(world).presses("/password/forgotten", email=world.bob)
    work()
    work.hurry()
    work()
    mails = box.get("mails", to=world.bob)
    assert len(mails) == 2 and mails[0]["message_id"] == mails[1]["message_id"]
    assert mails[0]["text"] == mails[1]["text"]
    assert anybody(world).posts(link_in(box, world.bob, "/password/reset/"), **SAME).location == "/"
