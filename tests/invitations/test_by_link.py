"""Coming by a job's open link."""

import re
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eqsr.accounts.models import User
from eqsr.activity.models import Activity, AuditEntry
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.privacy import service as erasing
from eqsr.invitations import by_link, sign_up_emails
from eqsr.invitations.links import take_url
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.jobs.models import Job, JobState
from eqsr.mail.models import Mail
from tests.invitations.conftest import at_once
from tests.sittings import sitting as sit
from tests.statements import statements
from tests.world import csrf

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@mail.example"}
LURE = {"first_name": "Claim your prize now", "last_name": "call Bob", "email": "it@mail.example"}


class Visitor:
    """Somebody with a job's open link, in a browser of their own."""

    def __init__(self, world, link: str, box, work) -> None:
        self.world, self.link, self.box, self.work = world, link, box, work
        self.browser: FlaskClient = world.app.test_client()

    def comes(self, **form: str):
        return self.browser.post(self.link, data=ADA | form)

    def mails(self, to: str = ADA["email"]) -> list[dict]:
        self.work()
        return self.box.get("mails", to=to)

    def confirms(self, mail: dict, **names: str):
        address = link_of(mail)
        return self.browser.post(address, data={one: ADA[one] for one in NAMES} | names)

    def starts(self, **form: str) -> str:
        """Comes and confirms; the path of the personal link."""
        self.comes(**form)
        typed = ADA | form
        answer = self.confirms(self.mails(typed["email"])[-1], **{one: typed[one] for one in NAMES})
        assert answer.status_code == 303, answer.text
        return urlsplit(answer.location).path

    def count(self, table) -> int:
        with self.world.app.app_context():
            return db.session.scalar(select(func.count()).select_from(table))


NAMES = ("first_name", "last_name")


def link_of(mail: dict) -> str:
    return urlsplit(re.search(r"http://\S+/take/\S+", mail["text"])[0]).path


@pytest.fixture
def visitor(world, box, work) -> Visitor:
    return Visitor(world, sit.share(world), box, work)


def change(visitor: Visitor, path: str, **values) -> None:
    """Change the invitation behind a personal link."""
    with visitor.world.app.app_context(), transaction():
        found = next(
            one
            for one in db.session.scalars(select(Invitation))
            if urlsplit(take_url(one)).path == path
        )
        for name, value in values.items():
            setattr(found, name, value)


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


def test_the_page_tells_nothing_about_an_address(visitor, monkeypatch):
    """Unknown, unconfirmed, under way, finished, expired, cancelled, capped, refused: one page."""
    addresses = {
        state: f"{state}@mail.example" for state in ("completed", "expired", "cancelled", "started")
    }
    for state, email in addresses.items():
        path = visitor.starts(email=email)
        change(visitor, path, state=InvitationState(state), completed_at=now())
    visitor.comes(email="waiting@mail.example")
    visitor.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "no@mail.example"}})
    visitor.comes(email="no@mail.example")
    visitor.work()
    monkeypatch.setattr(sign_up_emails, "PER_ADDRESS_AND_DAY", 1)
    answers = set()
    asked = ["new@mail.example", "waiting@mail.example", "no@mail.example", *addresses.values()]
    for email in asked:
        before = visitor.count(Mail)
        answer = visitor.comes(email=email)
        page = answer.text.replace(email, "ADDRESS")
        page = re.sub(r'(csrf-token" content=")[^"]+', r"\1", page)
        answers.add((answer.status_code, page, visitor.count(Mail) - before))
    assert len(answers) == 1, "the same page and the same work for everybody"


def test_the_request_looks_at_no_candidate(visitor, monkeypatch):
    """So its time can't tell who has applied: the statements are the same."""
    path = visitor.starts()
    change(visitor, path, state=InvitationState.COMPLETED, completed_at=now())
    app = visitor.world.app
    seen = [
        statements(app, lambda email=email: visitor.comes(email=email))
        for email in (ADA["email"], "new@mail.example")
    ]
    assert seen[0] == seen[1] != []
    assert not any("candidate" in one for one in seen[0])


@pytest.mark.parametrize(
    ("state", "said", "link"),
    [
        ("opened", "You have a personal link", True),
        ("started", "What you have answered is kept", True),
        ("completed", "You have finished the assessment", True),
        ("expired", "can't be taken any more", False),
        ("cancelled", "can't be taken any more", False),
    ],
)
def test_who_has_applied_gets_a_mail_that_helps(visitor, state, said, link):
    path = visitor.starts()
    change(visitor, path, state=InvitationState(state), completed_at=now())
    with time_machine.travel(now() + timedelta(minutes=20)):
        visitor.comes(first_name="Claim your prize", email="Ada@mail.example")
        mail = visitor.mails("")[-1]
        assert said in mail["text"] and "prize" not in mail["text"] + mail["html"]
        assert ("/take/" in mail["text"]) is link
        assert (path in mail["text"]) is link
    assert visitor.count(Candidate) == 1


def test_the_first_reader_of_a_corrected_address_gets_nobody_elses_link(visitor):
    """Invited as wrong@…, which the recruiter has corrected: whoever reads wrong@… is another."""
    path = visitor.starts(email="wrong@mail.example")
    with visitor.world.app.app_context():
        invitation_id = db.session.scalar(select(Invitation.id))
    alice = visitor.world.log_in(visitor.world.alice)
    form = {"csrf_token": csrf(alice, "/jobs"), "email": "right@mail.example"}
    assert alice.post(f"/invitations/{invitation_id}/address", data=form).status_code == 303
    assert visitor.browser.get(path).status_code == 410
    visitor.work()
    with time_machine.travel(now() + timedelta(minutes=20)):
        visitor.comes(email="wrong@mail.example")
        mail = visitor.mails("wrong@mail.example")[-1]
        assert "Confirm that this is your address" in mail["text"]
        own = urlsplit(visitor.confirms(mail).location).path
    assert visitor.count(Invitation) == 2
    assert own != path
    # The mail that once confirmed the address leads to the link of then, which has ended.
    first = visitor.mails("wrong@mail.example")[0]
    leads_to = visitor.browser.get(link_of(first)).location
    assert urlsplit(leads_to).path == path and visitor.browser.get(leads_to).status_code == 410


def test_an_address_gets_so_many_mails_a_day_whatever_link_is_used(visitor):
    other = Visitor(visitor.world, sit.share(visitor.world), visitor.box, visitor.work)
    start = now()
    for number in range(sign_up_emails.PER_ADDRESS_AND_DAY + 3):
        with time_machine.travel(start + timedelta(minutes=11 * number)):
            one = other if number % 2 else visitor
            assert one.comes(email="Ada@Mail.example" if number % 3 else "ada@mail.example")
            visitor.work()
    assert len(visitor.mails("")) == sign_up_emails.PER_ADDRESS_AND_DAY
    with time_machine.travel(start + timedelta(days=1, minutes=12)):
        visitor.comes()
        visitor.work()
    assert len(visitor.mails("")) == sign_up_emails.PER_ADDRESS_AND_DAY + 1


def test_the_same_wish_within_ten_minutes_is_one_mail(visitor):
    for _click in range(3):
        assert "Look in your mailbox" in visitor.comes().text
    assert len(visitor.mails()) == 1


def test_an_address_in_odd_letters_is_the_same_address(visitor):
    for domain in ("mail.example", "ｍail.example", "maiｌ.example", "𝐦ail.EXAMPLE"):
        assert visitor.comes(email=f"ada@{domain}").status_code == 200
    assert len(visitor.mails()) == 1


def test_a_job_sends_so_many_mails_an_hour(visitor, monkeypatch):
    monkeypatch.setattr(sign_up_emails, "PER_JOB_AND_HOUR", 3)
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
        erasing.erase(application_id, alice)
        assert db.session.scalar(select(func.count()).select_from(SignUp)) == 0
        assert set(db.session.scalars(select(Mail.to_address))) == {""}
    again = Visitor(visitor.world, visitor.link, visitor.box, visitor.work)
    with time_machine.travel(now() + timedelta(minutes=20)):
        again.comes()
        assert "Confirm that this is your address" in again.mails()[-1]["text"]


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
