"""How many mails a job's open link sends, and how long what was typed is kept."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from eqsr.accounts.models import User
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.extras.privacy import erasure
from eqsr.invitations import by_link, sign_up_limits
from eqsr.invitations.models import SignUp
from eqsr.mail.models import Mail
from tests.invitations.visitor import ADA, Visitor, link_of
from tests.sittings import sitting as sit


def test_an_address_gets_so_many_mails_a_day_whatever_link_is_used(visitor):
    other = Visitor(visitor.world, sit.share(visitor.world), visitor.box, visitor.work)
    start = now()
    for number in range(sign_up_limits.PER_ADDRESS_AND_DAY + 3):
        with time_machine.travel(start + timedelta(minutes=11 * number)):
            one = other if number % 2 else visitor
            assert one.comes(email="Ada@Mail.example" if number % 3 else "ada@mail.example")
            visitor.work()
    assert len(visitor.mails("")) == sign_up_limits.PER_ADDRESS_AND_DAY
    with time_machine.travel(start + timedelta(days=1, minutes=12)):
        visitor.comes()
        visitor.work()
    assert len(visitor.mails("")) == sign_up_limits.PER_ADDRESS_AND_DAY + 1


def test_the_same_wish_within_ten_minutes_is_one_mail(visitor):
    for _click in range(3):
        assert "Look in your mailbox" in visitor.comes().text
    assert len(visitor.mails()) == 1


def test_an_address_in_odd_letters_is_the_same_address(visitor):
    for domain in ("mail.example", "ｍail.example", "maiｌ.example", "𝐦ail.EXAMPLE"):
        assert visitor.comes(email=f"ada@{domain}").status_code == 200
    assert len(visitor.mails()) == 1


def test_a_job_sends_so_many_mails_an_hour(visitor, monkeypatch):
    monkeypatch.setattr(sign_up_limits, "PER_JOB_AND_HOUR", 3)
    other = Visitor(visitor.world, sit.share(visitor.world), visitor.box, visitor.work)
    for number in range(5):
        visitor.comes(email=f"person.{number}@mail.example")
    other.comes(email="else@mail.example")
    assert len(visitor.mails("")) == 4, "three, and one of another job"
    with time_machine.travel(now() + timedelta(minutes=61)):
        visitor.comes(email="person.4@mail.example")
        assert len(visitor.mails("")) == 5


def test_a_flood_is_not_written_down(visitor, monkeypatch):
    monkeypatch.setattr(by_link, "MAX_SIGN_UPS_PER_HOUR", 2)
    pages = {visitor.comes(email=f"p{number}@mail.example").status_code for number in range(4)}
    assert pages == {200}
    assert visitor.count(SignUp) == 2


def test_limits_count_in_the_database_and_not_in_a_process(visitor, monkeypatch):
    """A mail that is tried again counts once; one that was counted is not held back."""
    fault = visitor.box.post("faults", {"kind": "smtp_4xx", "match": {"address": ADA["email"]}})
    visitor.comes()
    visitor.work()
    with visitor.world.app.app_context():
        assert db.session.scalar(select(SignUp.mailed_at)) is not None
    visitor.box._call("DELETE", f"faults/{fault['id']}")
    visitor.work.hurry()
    assert len(visitor.mails()) == 1


def test_what_was_not_confirmed_is_deleted_on_the_day_that_was_named(visitor):
    with time_machine.travel("2026-11-30 10:00Z"):
        page = visitor.comes()
        (mail,) = visitor.mails()
    assert "7 December 2026" in page.text and "7 December 2026" in mail["text"]
    with time_machine.travel("2026-12-07 09:59Z"):
        visitor.work.by_clock()
        assert visitor.count(SignUp) == 1
        assert visitor.browser.get(link_of(mail)).status_code == 200
    with time_machine.travel("2026-12-07 10:01Z"):
        assert visitor.confirms(mail).status_code == 410
        visitor.work.by_clock()
    assert visitor.count(SignUp) == 0
    with visitor.world.app.app_context():
        assert set(db.session.scalars(select(Mail.to_address))) == {""}
    assert visitor.count(Candidate) == 0
    dead = visitor.browser.get(link_of(mail))
    assert dead.status_code == 410 and "This link can't be used any more" in dead.text


def test_an_erasure_takes_what_was_typed_with_it(visitor):
    visitor.starts()
    with visitor.world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == visitor.world.alice))
        application_id = db.session.scalar(select(Application.id))
        erasure.erase(application_id, alice)
        assert db.session.scalar(select(func.count()).select_from(SignUp)) == 0
        assert set(db.session.scalars(select(Mail.to_address))) == {""}
    again = Visitor(visitor.world, visitor.link, visitor.box, visitor.work)
    with time_machine.travel(now() + timedelta(minutes=20)):
        again.comes()
        assert "Confirm that this is your address" in again.mails()[-1]["text"]
