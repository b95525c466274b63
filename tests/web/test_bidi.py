"""Names that are read from the right turn nothing around them: no page, mail or note shows one
that is not isolated (<bdi>, or the signs of UAX 9)."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from sqlalchemy import update

from eqsr.accounts.models import Organisation, User
from eqsr.activity.history import of_applications
from eqsr.activity.sentences import sentence
from eqsr.core.bidi import END, ISOLATE, isolated
from eqsr.core.db import db, transaction
from eqsr.invitations import emails
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.organisations import service as organisations
from eqsr.results import summary
from tests.people import person
from tests.sittings import sitting as sit
from tests.world import World
from tools.chaos.takers import take

CANDIDATE, JOB = ("محمد", "الأحمد"), "مهندس (م/ف)"
COMPANY, RECRUITER = "شركة 24", "سارة"
# What a browser draws in a box of its own.
OWN_BOX = ("option", "textarea", "script", "style")
VOID = ("meta", "link", "input", "img", "br", "hr", "source")


class Unisolated(HTMLParser):
    """Gathers the text in which a name read from the right stands among other words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            # An initial, which no screen reader tells, stands alone in its circle.
            self.open.append("bdi" if ("class", "avatar") in attrs else tag)

    def handle_endtag(self, tag):
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if not {"bdi", *OWN_BOX} & set(self.open):
            self.found += bare(data)


def bare(text: str) -> list[str]:
    """The text, if a letter that is read from the right is left outside of isolates."""
    left = re.sub(f"{ISOLATE}.*?{END}", "", text)
    return [text] if any(unicodedata.bidirectional(one) in ("R", "AL") for one in left) else []


def in_page(html: str) -> list[str]:
    parser = Unisolated()
    parser.feed(html)
    return parser.found


@pytest.fixture
def told(world):
    """A candidate who has finished; everybody's name is read from the right."""
    invited = sit.invite(world, first=CANDIDATE[0], last=CANDIDATE[1], title=JOB)
    with world.app.app_context():
        take(invited.invitation)
        with transaction() as session:
            session.execute(update(Organisation).values(name=COMPANY))
            session.execute(update(User).values(name=RECRUITER))
            job_id = session.get_one(Invitation, invited.invitation).job_id
        db.session.remove()
    return invited, job_id


def test_no_page_shows_a_name_that_is_not_isolated(world, told):
    invited, job_id = told
    paths = (
        "/jobs",
        f"/jobs/{job_id}",
        f"/jobs/{job_id}?sort=score.work-style.extraversion.high",
        f"/jobs/{job_id}/why?q=محمد",
        f"/jobs/{job_id}/compare",
        f"/jobs/{job_id}/mail",
        f"/candidates/{invited.candidate}",
        f"/candidates/{invited.candidate}/guests",
        f"/invitations/{invited.invitation}",
        "/team",
        "/connection",
        "/organisation",
        "/profile",
    )
    alice = person(world, World.alice)
    answers = {path: alice.browser.get(path) for path in paths}
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    turned = {path: in_page(answer.text) for path, answer in answers.items()}
    left = {path: found for path, found in turned.items() if found}
    assert not left, left
    assert sum(CANDIDATE[0] in answer.text for answer in answers.values()) >= 4
    visitor = world.app.test_client()
    for path in (invited.path, f"{invited.path}/results"):
        answer = visitor.get(path, follow_redirects=True)
        assert answer.status_code == 200 and COMPANY in answer.text
        assert in_page(answer.text) == [], path


def test_no_mail_or_note_shows_a_name_that_is_not_isolated(world, told):
    invited, _job_id = told
    with world.app.app_context():
        invitation = invitations.get(invited.invitation)
        turned = {}
        for name in ("invitation", "extension", "new_link", "reminder"):
            more = {"unsubscribe_url": "https://x.example"} if name == "reminder" else {}
            mail = emails.compose(invitation, name, **more)
            assert CANDIDATE[0] in mail.text
            # A line with nothing but the name has nothing that could be turned.
            lines = [line for line in mail.text.splitlines() if line.strip() != COMPANY]
            turned[name] = [*in_page(mail.html), *(bit for line in lines for bit in bare(line))]
        left = {name: found for name, found in turned.items() if found}
        assert not left, left
        note = summary.goal(invitation).note
        assert isolated(JOB) in note and bare(note) == []
        for line in of_applications([invited.application]):
            assert bare(sentence(line)) == []


def test_the_directions_of_languages_are_told_in_one_place(world, monkeypatch):
    visitor = world.app.test_client()
    assert '<html lang="en" dir="ltr"' in visitor.get("/login").text
    monkeypatch.setitem(organisations.LANGUAGES, "ar", "العربية")
    monkeypatch.setitem(world.app.extensions["eqsr.languages"], "ar", "العربية")
    monkeypatch.setattr(
        world.app.extensions["babel"], "locale_selector", lambda: "ar", raising=False
    )
    assert '<html lang="ar" dir="rtl"' in visitor.get("/login").text


def test_only_names_that_need_it_are_isolated():
    assert isolated("Ada") == "Ada" and isolated("") == ""
    assert isolated("דוד 24") == f"{ISOLATE}דוד 24{END}"


def test_a_stored_title_holds_no_isolating_signs(world, told):
    _invited, job_id = told
    with world.app.app_context():
        assert db.session.get_one(Job, job_id).title == JOB
