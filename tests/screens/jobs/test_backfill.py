"""Whom connecting a stage invites: nobody by itself, and those who were chosen, once each."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.activity.models import Activity
from eqsr.activity.sentences import sentence
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.messages import UserError
from eqsr.jobs.models import StageLink
from eqsr.screens.jobs import backfill
from tests.invitations.conftest import Recruiter
from tests.page_text import text_of
from tests.teams.members import id_of

SCREEN = {"status": "IN_REVIEW", "subStatus": "Phone screen"}


class Connecting(Recruiter):
    """bob, who connects alice's job to one more stage of the same SmartRecruiters job."""

    def ids(self) -> dict[str, str]:
        with self.story.world.app.app_context():
            from eqsr.connections import job_lookup

            link = db.session.scalars(select(StageLink)).first()
            known = job_lookup.stages(self.story.connection_id)
            stage = next(one for one in known if one.sub_status == "Phone screen")
            db.session.remove()
            return {"ats_job": str(link.ats_job_id), "stage": str(stage.id)}

    @property
    def path(self) -> str:
        return f"/jobs/{self.story.job_id}/connect"

    def foresees(self, **more: str):
        query = self.ids() | more
        headers = {"HX-Request": "true"}
        answer = self.browser.get(f"{self.path}/present", query_string=query, headers=headers)
        return text_of(answer)

    def connects(self, present: str, seen: str = "7", **more: str):
        """``seen``: of how many days back the dialog told."""
        ids = self.ids()
        key = {"foreseen": f"{ids['ats_job']}:{ids['stage']}:{seen}"} if seen else {}
        return self.posts(self.path, present=present, **ids, **key, **more)


@pytest.fixture
def bob(story) -> Connecting:
    return Connecting(story)


@contextmanager
def later(story, **span: float) -> Iterator[Connecting]:
    """Within the block it is later, for us and for SmartRecruiters; bob has just logged in."""
    story.box.post("clock", {"advance_seconds": timedelta(**span).total_seconds()})
    with time_machine.travel(now() + timedelta(**span), tick=True):
        yield Connecting(story)


def there(story, *names: str) -> None:
    for name in names:
        story.applies(f"{name}@example.org", firstName=name.title(), quiet=True, **SCREEN)


def job_said(story) -> list[str]:
    with story.world.app.app_context():
        query = select(Activity).where(Activity.job_id == story.job_id).order_by(Activity.at)
        return [sentence(line) for line in db.session.scalars(query)]


def test_the_dialog_tells_how_many_are_there(story, bob):
    assert "Nobody is in “In review: Phone screen” now" in bob.foresees()
    there(story, "ada", "bea")
    shown = bob.foresees(days="3")
    assert "2 people are in this stage already" in shown
    assert "within the last 3 days At most 2 people" in shown and "Invite all 2" in shown


def test_when_smartrecruiters_does_not_tell_the_dialog_says_so(story, bob):
    story.box.post("faults", {"kind": "500", "match": {"path": "/candidates"}})
    assert "does not tell how many" in bob.foresees()


def test_nobody_is_invited_unless_that_was_chosen(story, bob):
    there(story, "ada")
    assert bob.connects("none").status_code == 303
    story.work.settle()
    assert story.mails() == []
    assert bob.posts(bob.path, **bob.ids()).status_code in (303, 422)
    story.work.settle()
    assert story.mails() == []


def test_all_who_are_there_are_invited_once_and_it_shows(story, bob):
    there(story, "ada", "bea", "cleo")
    assert bob.connects("all").status_code == 303
    page = bob.sees(f"/jobs/{story.job_id}")
    assert "are being invited" in page and "hx-get" in page.split('id="progress-')[1][:400]
    story.work.settle()
    assert sorted(mail["to"][0] for mail in story.mails()) == [
        "ada@example.org",
        "bea@example.org",
        "cleo@example.org",
    ]
    page = bob.sees(f"/jobs/{story.job_id}")
    assert "have been looked at" in page and "3 people invited" in page
    assert "Bob had everybody invited who was in In review: Phone screen already." in job_said(
        story
    )
    assert bob.connects("all").status_code == 303  # the same press, a moment later
    story.work.by_clock()
    story.work.settle()
    assert len(story.mails()) == 3


def test_only_those_are_invited_who_came_lately(story):
    there(story, "old")
    with later(story, days=20) as bob:
        there(story, "ada")
        assert bob.connects("recent", days="7").status_code == 303
        story.work.settle()
    assert [mail["to"] for mail in story.mails()] == [["ada@example.org"]]
    assert any("only who came later was to be invited" in line for line in story.activity())


def test_nobody_is_mailed_before_it_was_shown_how_many_that_are(story, bob):
    there(story, "ada")
    answer = bob.connects("all", seen="")
    assert answer.status_code == 422
    assert "See how many people this invites" in answer.text
    assert "1 person is in this stage already" in text_of(answer)
    assert re.search(r'value="all" checked', answer.text)
    story.work.settle()
    assert story.mails() == []


def test_more_days_than_were_shown_are_shown_first(story, bob):
    there(story, "ada")
    answer = bob.connects("recent", days="30")
    assert answer.status_code == 422 and "See how many people this invites" in answer.text
    assert "within the last 30 days" in text_of(answer)
    shown = re.search(r'name="foreseen" value="[^"]+:(\d+)"', answer.text)[1]
    assert bob.connects("recent", seen=shown, days="30").status_code == 303
    story.work.settle()
    assert len(story.mails()) == 1


def test_everybody_of_one_stage_is_not_everybody_of_another(story, bob):
    there(story, "ada")
    ids = bob.ids()
    key = f"{ids['ats_job']}:{ids['stage']}:7"
    headers = {"HX-Request": "true"}

    def picked(foreseen: str, **more: str) -> str:
        query = ids | {"present": "all", "foreseen": foreseen} | more
        page = bob.browser.get(f"{bob.path}/present", query_string=query, headers=headers).text
        return re.search(r'value="(\w+)" checked', page)[1]

    assert picked(key) == picked(key, days="30") == "all"
    assert picked(f"{ids['ats_job']}:{uuid.uuid4()}:7") == picked("") == picked(":::") == "none"


def test_pressing_again_for_more_people_is_no_double_press(story, bob):
    there(story, "ada")
    assert bob.connects("none").status_code == 303
    for wish in ("all", "recent"):
        answer = bob.connects(wish, days="7")
        assert answer.status_code == 422 and "watches this stage already" in answer.text
    assert bob.connects("none").status_code == 303
    story.work.settle()
    assert story.mails() == []


@pytest.mark.parametrize(
    "days", ["", "0", "91", "x", "-1", "9" * 30, "0" * 4 + "7" * 30, "9" * 5000]
)
def test_an_odd_number_of_days_is_asked_for_again(days):
    with pytest.raises(UserError, match="between 1 and 90"):
        backfill.choice("recent", days)


def test_the_dialog_stays_open_for_an_odd_number_of_days(story, bob):
    answer = bob.connects("recent", days="91")
    assert answer.status_code == 422 and "between 1 and 90" in answer.text


def test_stopping_leaves_the_others_in_peace(story):
    there(story, "ada", "bea")
    with later(story, hours=1) as bob:
        bob.connects("all")
        with story.world.app.app_context():
            query = select(StageLink.id).where(StageLink.sub_status == "Phone screen")
            link: uuid.UUID = db.session.scalar(query)
        for _ in range(2):
            bob.presses(f"/jobs/{story.job_id}/progress/stop", link=str(link))
        story.work.settle()
    assert story.mails() == []
    told = job_said(story)
    assert (
        told.count("Bob stopped inviting those who were in In review: Phone screen already.") == 1
    )


def test_the_same_stage_of_another_job_is_pointed_out_and_of_this_one_refused(story, bob):
    with story.world.app.app_context():
        from eqsr.connections import job_lookup

        link = db.session.scalars(select(StageLink)).one()
        known = job_lookup.stages(story.connection_id)
        watched = next(one for one in known if one.sub_status == link.sub_status)
        ids = {"ats_job": str(link.ats_job_id), "stage": str(watched.id)}
    headers = {"HX-Request": "true"}
    own = bob.browser.get(f"{bob.path}/present", query_string=ids, headers=headers)
    assert "watches this stage already" in text_of(own)
    answer = bob.posts(bob.path, grace="5", **ids)
    assert answer.status_code == 422 and "watches this stage already" in answer.text
    form = {"kind": "ats", "title": "Others", "assessment": "work-style"}
    bob.posts("/jobs/new", **form)
    other = re.findall(r'href="/jobs/([0-9a-f-]{36})"', bob.sees("/jobs?q=others"))[0]
    twin, rest = f"/jobs/{other}/connect/present", f"/jobs/{other}/connect/stages"

    def warned(browser) -> list[str]:
        pages = [browser.get(path, query_string=ids, headers=headers) for path in (twin, rest)]
        return [text_of(page) for page in pages]

    said = ("is connected to this very stage too", "is connected to the same SmartRecruiters job")
    for words, text in zip(said, warned(bob.browser), strict=True):
        assert f"Developers {words}" in text
    # Who is not on that job's team learns that there is one, and not which.
    world = story.world
    alice = Recruiter(story, world.alice)
    alice.presses(f"/jobs/{other}/team", user=str(id_of(world, world.dora)))
    hidden = warned(world.log_in(world.dora))
    for words, text in zip(said, hidden, strict=True):
        assert f"A job of another team {words}" in text and "Developers" not in text
    bob.presses(f"/jobs/{story.job_id}/close")
    assert not any("A job of another team" in text for text in warned(world.log_in(world.dora)))


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"grace": "x"}, "0 to 1440 minutes"),
        ({"grace": "1441"}, "0 to 1440 minutes"),
        ({"assessment": "astrology"}, "Choose an assessment"),
    ],
)
def test_odd_terms_are_refused(story, bob, form, sentence):
    answer = bob.connects("none", **form)
    assert answer.status_code == 422 and sentence in answer.text
