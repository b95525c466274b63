"""Coming by a job's open link."""

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select

from eqsr.activity.models import Activity, AuditEntry
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.jobs.models import Job, JobState
from eqsr.mail.models import Mail
from tests.invitations.conftest import at_once
from tests.invitations.visitor import ADA, NAMES, link_of
from tests.sittings import sitting as sit

LURE = {"first_name": "Claim your prize now", "last_name": "call Bob", "email": "it@mail.example"}


def test_nothing_that_a_visitor_types_reaches_a_stranger(visitor):
    """The attack (security.md 7): our mail, with a stranger's words, to any address."""
    visitor.comes(**LURE)
    (mail,) = visitor.mails(LURE["email"])
    for part in ("subject", "text", "html"):
        assert "prize" not in mail[part] and "Bob" not in mail[part]
    assert mail["subject"] == "Your link from Northwind: Warehouse lead"


@pytest.mark.parametrize("web", ["http://evil.example", "evil.example/x", "www.evil.example"])
def test_a_web_address_is_no_name(visitor, web):
    answer = visitor.comes(first_name=f"Win at {web}")
    assert answer.status_code == 422
    assert "Enter a name, without web addresses, numbers and signs." in answer.text
    assert visitor.count(Mail) == 0


def test_an_address_is_confirmed_before_anything_is_made_of_it(visitor):
    answer = visitor.comes()
    assert answer.status_code == 200
    assert "Look in your mailbox" in answer.text
    visitor.work()
    for table in (Candidate, Application, Invitation, Activity):
        assert visitor.count(table) == 0
    alice = visitor.world.log_in(visitor.world.alice)
    assert "Lovelace" not in alice.get("/jobs").text
    (mail,) = visitor.mails()
    assert visitor.browser.get(link_of(mail)).status_code == 200
    for table in (Candidate, Application, Invitation):
        assert visitor.count(table) == 0, "a scanner that opens the link is no person"


def test_who_confirms_starts_and_gets_the_personal_link_by_mail(visitor):
    visitor.comes()
    (mail,) = visitor.mails()
    page = visitor.browser.get(link_of(mail))
    assert 'value="Ada"' in page.text and ADA["email"] in page.text
    answer = visitor.confirms(mail, last_name="King")
    own = visitor.browser.get(answer.location)
    assert own.status_code == 200 and "Start by" in own.text
    _confirmation, invitation = visitor.mails()
    assert "Hello Ada" in invitation["text"]
    assert link_of(invitation) == urlsplit(answer.location).path
    with visitor.world.app.app_context():
        assert db.session.scalar(select(Candidate)).name == "Ada King"
        assert db.session.scalar(select(Invitation.state)) is InvitationState.OPENED


def test_confirming_twice_or_at_once_makes_one_person(visitor):
    visitor.comes()
    (mail,) = visitor.mails()
    browsers = [visitor.world.app.test_client() for _ in range(4)]
    at_once(
        *[
            lambda one=one: one.post(link_of(mail), data={name: ADA[name] for name in NAMES})
            for one in browsers
        ]
    )
    for table in (Candidate, Application, Invitation):
        assert visitor.count(table) == 1
    again = visitor.browser.get(link_of(mail))
    assert again.status_code == 303 and "/confirm" not in again.location
    assert len(visitor.mails()) == 2


def test_two_sign_ups_of_one_address_at_once_make_one_person(visitor):
    visitor.comes()
    (first,) = visitor.mails()
    with time_machine.travel(now() + timedelta(minutes=11)):
        visitor.comes(email="ADA@mail.example")
        second = visitor.mails("")[-1]
        assert link_of(second) != link_of(first)
        at_once(lambda: visitor.confirms(first), lambda: visitor.confirms(second))
    for table in (Candidate, Application, Invitation):
        assert visitor.count(table) == 1


def test_a_job_that_was_closed_meanwhile_says_so(visitor):
    visitor.comes()
    (mail,) = visitor.mails()
    with visitor.world.app.app_context(), transaction() as session:
        session.scalars(select(Job)).one().state = JobState.CLOSED
    answer = visitor.confirms(mail)
    assert answer.status_code == 400 and "This assessment is closed" in answer.text
    assert visitor.count(Candidate) == 0
    assert visitor.comes().status_code == 410


def test_links_that_people_have_from_before_stay(visitor):
    """An invitation of the time when addresses were not confirmed first."""
    person = sit.invite(visitor.world)
    assert visitor.browser.get(person.path).status_code == 200


def test_confirming_needs_the_mail_and_not_a_guess(visitor):
    visitor.comes()
    with visitor.world.app.app_context():
        sign_up_id = db.session.scalar(select(SignUp.id))
    for token in (str(sign_up_id), uuid.uuid4().hex, visitor.link.removeprefix("/take/")):
        answer = visitor.browser.post(f"/take/{token}/confirm", data=ADA)
        assert answer.status_code == 410
    assert visitor.count(Candidate) == 0


def test_names_are_asked_for_again_where_they_are_none(visitor):
    visitor.comes()
    (mail,) = visitor.mails()
    answer = visitor.confirms(mail, first_name="\u200b", last_name="x" * 101)
    assert answer.status_code == 422
    assert "Enter your first name." in answer.text and "at most 100" in answer.text
    assert visitor.count(Candidate) == 0


def test_the_language_that_was_chosen_at_the_link_stays(visitor):
    visitor.browser.get(f"{visitor.link}?language=nl")
    path = visitor.starts()
    elsewhere = visitor.world.app.test_client()
    assert 'lang="nl"' in elsewhere.get(path).text


def test_nothing_is_audited_or_told_for_what_is_not_confirmed(visitor):
    before = visitor.count(AuditEntry)
    visitor.comes()
    visitor.work()
    assert (visitor.count(Activity), visitor.count(AuditEntry)) == (0, before)
