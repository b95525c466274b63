"""A candidate's own result, and what they ask a person about it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.candidates.models import Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.invitations.models import Invitation
from eqsr.mail.models import Mail, MailState
from tests.page_text import text_of
from tests.screens.profile.profile_page import finished, profile
from tests.screens.profile.several import join
from tests.sittings import sitting as sit
from tests.world import World, csrf_token


@pytest.fixture
def person(app, world):
    """On a job whose team bob is on."""
    invited = sit.invite(world)
    with app.app_context(), transaction() as session:
        join(session, session.get_one(Invitation, invited.invitation).job_id)
    return invited


@pytest.fixture
def taken(client, person):
    finished(client, person)
    return person


def own(client, person):
    return client.get(f"{person.path}/results")


def asks(client, person, wish="review", text="I was ill that day.", follow=True):
    form = {"wish": wish, "text": text}
    return client.post(f"{person.path}/results", data=form, follow_redirects=follow)


def requests(person) -> list[CandidateRequest]:
    with person.app.app_context():
        return list(db.session.scalars(select(CandidateRequest)))


def mails(person, kind: str) -> list[str]:
    with person.app.app_context():
        query = select(Mail.to_address).where(Mail.kind == kind).order_by(Mail.to_address)
        return list(db.session.scalars(query))


def answers_it(world, person, text="We looked at it together.", who=World.bob, request=None):
    browser = world.log_in(who)
    form = {
        "csrf_token": csrf_token(browser),
        "request": request or str(requests(person)[0].id),
        "answer": text,
    }
    return browser.post(f"/invitations/{person.invitation}/request", data=form)


def test_the_same_words_as_the_recruiter_reads_and_no_interview_question(client, world, taken):
    text = text_of(own(client, taken))
    theirs = text_of(profile(world, taken))
    scored = next(s.outcome for s in sit.scores(taken) if s.scale == "extraversion")
    for said in (
        f"higher than about {scored['percentile']:.0f} in 100",
        f"sten {scored['band_low']:.1f} to {scored['band_high']:.1f}",
        "The scale says little about this person.",
        "People who took the same items online",
    ):
        assert said in text and said in theirs
    assert "Ask in the interview" in theirs
    assert "Ask in the interview" not in text
    assert "Tell me about" not in text
    assert "This page opens until" in text and "Who sees it" in text


def test_it_says_what_a_sten_is_and_what_stood_out(client, person):
    """In the same words as the recruiter reads."""
    quick = {"response_ms": "300"}
    sit.start(client, person)
    for item, value in sit.HONEST.items():
        sit.send(client, person, part="work-style", item=item, value=value, **quick)
    sit.press(client, f"{person.path}/finish", f"{person.path}/finish", part="work-style")
    text = text_of(own(client, person))
    assert "A sten is a place from 1 to 10 in the comparison group" in text
    assert "about two in three people lie from 4 to 7" in text
    assert "100% of the answers came faster than one can read." in text
    assert "not tested on people" in text


def test_the_last_page_leads_there(client, taken):
    assert f'href="{taken.path}/results"' in client.get(f"{taken.path}/done").text


def test_before_the_end_it_leads_back(client, person):
    sit.start(client, person)
    assert own(client, person).location == person.path
    assert asks(client, person, follow=False).status_code in (302, 410)
    assert requests(person) == []


def test_an_unreadable_result_is_told_kindly(client, person):
    finished(client, person, dict.fromkeys(sit.ITEMS, 1))
    text = text_of(own(client, person))
    assert "it is not a low score" in text
    assert "The same answer was given 50 times in a row." in text
    assert "of 10" not in text and not re.search(r"\bstens?\b", text)


@pytest.mark.parametrize("later", [timedelta(days=180), timedelta(days=400)])
def test_after_its_time_it_is_closed(client, taken, later):
    sit.change(taken, completed_at=now() - later)
    page = own(client, taken)
    assert page.status_code == 410
    assert "no longer shown" in text_of(page)
    assert asks(client, taken).status_code == 410
    assert requests(taken) == []


def test_a_removed_candidate_sees_nothing(app, client, taken):
    with app.app_context(), transaction() as session:
        session.get(Candidate, taken.candidate).removed_at = now()
    assert own(client, taken).status_code == 410


def test_a_link_that_is_not_ours_leads_nowhere(client):
    assert client.get("/take/nonsense/results").status_code == 404
    assert client.post("/take/nonsense/results", data={"wish": "review"}).status_code == 404


def test_a_request_reaches_the_profile_the_history_and_the_people(client, world, taken):
    page = asks(client, taken, text="I was ill.\nPlease <b>look</b>.")
    assert "You get their answer by mail" in text_of(page)
    assert mails(taken, "candidate_request_mail") == [World.alice, World.bob]
    shown = profile(world, taken)
    assert "The candidate asks that a person goes through the result" in text_of(shown)
    assert "Please &lt;b&gt;look&lt;/b&gt;." in shown.text
    assert "review_asked" in sit.told(taken)


def test_asking_twice_while_it_is_open_makes_one_request(client, taken):
    asks(client, taken)
    asks(client, taken, text="Again")
    asks(client, taken, wish="erasure", text="")
    assert sorted((one.wish.value, one.text) for one in requests(taken)) == [
        ("erasure", ""),
        ("review", "I was ill that day."),
    ]
    assert 'name="wish"' not in own(client, taken).text


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"text": "x"}, "Choose what you ask for."),
        ({"wish": "money", "text": "x"}, "Choose what you ask for."),
        ({"wish": "review", "text": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said(client, taken, form, problem):
    page = client.post(f"{taken.path}/results", data=form)
    assert page.status_code == 422
    assert problem in text_of(page)
    assert requests(taken) == []


def test_control_characters_are_no_error(client, taken):
    asks(client, taken, text="a\x00b\x1b\r\nc")
    assert [one.text for one in requests(taken)] == ["ab\nc"]


def test_the_answer_goes_to_the_candidate_and_stays(app, client, world, taken):
    asks(client, taken)
    assert answers_it(world, taken).status_code == 303
    assert mails(taken, "candidate_answer_mail") == ["priya@mail.example"]
    assert "We looked at it together." in text_of(own(client, taken))
    shown = text_of(profile(world, taken))
    assert "Answered by Bob" in shown and "Send answer" not in shown
    assert "review_answered" in sit.told(taken)
    again = answers_it(world, taken, "Another answer")
    assert again.status_code == 400
    assert [one.answer for one in requests(taken)] == ["We looked at it together."]
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "request_answered"))
        assert len(rows.all()) == 1
    asks(client, taken, text="One more thing")
    assert len(requests(taken)) == 2


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_an_answer_has_words(client, world, taken, text):
    asks(client, taken)
    assert answers_it(world, taken, text).status_code == 400
    assert mails(taken, "candidate_answer_mail") == []


def test_strangers_can_not_answer_nor_can_an_answer_go_astray(client, world, taken):
    asks(client, taken)
    assert answers_it(world, taken, who=World.charlie).status_code == 404
    assert answers_it(world, taken, request="nonsense").status_code == 404
    other = sit.invite(world, first="Otto")
    browser = world.log_in(World.bob)
    form = {
        "csrf_token": csrf_token(browser),
        "request": str(requests(taken)[0].id),
        "answer": "x",
    }
    astray = browser.post(f"/invitations/{other.invitation}/request", data=form)
    assert astray.status_code == 404
    assert requests(taken)[0].answer is None


def test_the_mails_say_what_it_is_about_and_lead_there(client, world, taken, work, box):
    asks(client, taken)
    work("candidate_request_mail")
    answers_it(world, taken, "We looked at it together.\n\nIt <counts> as before.")
    work("candidate_answer_mail")
    (to_alice,) = box.get("mails", to=World.alice)
    (to_priya,) = box.get("mails", to="priya@mail.example")
    assert to_alice["subject"] == "A candidate asks for an answer: Planner"
    assert f"/candidates/{taken.candidate}" in to_alice["text"]
    assert "ill that day" not in to_alice["text"]
    assert to_priya["subject"] == "Northwind answers you: Planner"
    assert "It <counts> as before." in to_priya["text"]
    assert "It &lt;counts&gt; as before." in to_priya["html"]
    assert f"{taken.path}/results" in to_priya["html"]


def test_spaces_and_joiners_are_kept_as_they_are_read(client, taken):
    asks(client, taken, text="10\u00a0% faux\u202f! 👩\u200d💻 a\x00b\r\nc")
    assert [one.text for one in requests(taken)] == ["10 % faux ! 👩\u200d💻 ab\nc"]


def test_people_are_reminded_every_week_of_what_nobody_answered(client, world, taken, work):
    asks(client, taken)
    first = len(mails(taken, "candidate_request_mail"))
    assert first > 0
    for days, times in ((6, 1), (8, 2), (9, 2), (16, 3)):
        with time_machine.travel(now() + timedelta(days=days), tick=True):
            work.by_clock()
        assert len(mails(taken, "candidate_request_mail")) == times * first, days
    assert answers_it(world, taken).status_code in (302, 303)
    with time_machine.travel(now() + timedelta(days=30), tick=True):
        work.by_clock()
    assert len(mails(taken, "candidate_request_mail")) == 3 * first


def test_nobody_is_mailed_about_what_was_answered_meanwhile(client, world, taken, work, app):
    asks(client, taken)
    answers_it(world, taken)
    work("candidate_request_mail")
    with app.app_context():
        query = select(Mail.state).where(Mail.kind == "candidate_request_mail")
        assert set(db.session.scalars(query)) == {MailState.CANCELLED}
