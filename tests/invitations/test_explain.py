"""Why was this person (not) invited? There is always an answer."""

import pytest
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.core.db import db
from eqsr.invitations.explain import why
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.outbox.models import Work


@pytest.fixture
def ask(story):
    browser = story.world.log_in(story.world.bob)

    def asked(text, **options):
        path = f"/jobs/{story.job_id}/why"
        return browser.get(path, query_string={"q": text}, **options).get_data(as_text=True)

    return asked


def test_by_name_address_and_id(story, ask):
    ada = story.applies()
    story.moves(ada, status="INTERVIEW")
    story.work()
    for text in ("jansen ada", "ADA@example.org", ada["id"], ada["applicationId"]):
        page = ask(text)
        assert "Not invited: the application is in Interview, not in" in page, text


def test_who_was_invited_is_told_too(story, ask):
    ada = story.applies()
    story.moves(ada)
    story.work()
    page = ask("ada", headers={"HX-Request": "true"})
    assert "Invited to Developers because" in page
    assert "<html" not in page


def test_whose_move_we_never_heard_of_is_looked_up_and_then_invited(story, ask):
    story.box.post("faults", {"kind": "drop"})
    ada = story.applies()
    story.moves(ada)
    story.work()
    assert story.mails() == []
    assert "had not heard of this person" in ask("ada@example.org")
    story.work()
    assert len(story.mails()) == 1
    assert "A check of SmartRecruiters found the application" in ask("ada@example.org")


def test_somebody_on_no_connected_job(story, ask):
    assert "Nobody of that name" in ask("nobody at all")
    assert "Nobody of that name" in ask("50%_off")
    assert "Nobody of that name" in ask("00000000-0000-4000-8000-000000000000")


def test_when_smartrecruiters_does_not_answer_it_says_so(story, ask):
    story.box.post("faults", {"kind": "503", "match": {"path": "/candidates*"}})
    assert "SmartRecruiters does not answer at the moment" in ask("ada")


def test_a_stranger_meets_a_404_and_a_visitor_the_login(story):
    path = f"/jobs/{story.job_id}/why?q=ada"
    assert story.world.log_in(story.world.charlie).get(path).status_code == 404
    answer = story.world.app.test_client().get(path)
    assert answer.status_code == 302
    assert "/login?next=" in answer.location


def test_comparing_by_hand_begins_a_sweep_once(story):
    browser = story.world.log_in(story.world.alice)
    from tests.world import csrf

    form = {"csrf_token": csrf(browser, "/connection")}
    for _ in range(2):
        assert browser.post("/connection/compare", data=form).status_code == 302
    with story.world.app.app_context():
        kinds = db.session.scalars(select(Work.kind).where(Work.kind.like("sweep%"))).all()
    assert sorted(kinds) == ["sweep_callbacks", "sweep_results", "sweep_stage"]
    bob = story.world.log_in(story.world.bob)
    form = {"csrf_token": csrf(bob, "/connection")}
    assert bob.post("/connection/compare", data=form).status_code == 404


def test_letters_that_no_database_takes_are_passed_over(ask):
    assert "Nobody of that name" in ask("a\x00da")
    assert "Why was this person" in ask("\x00")


def test_a_job_with_two_stages_looks_a_person_up_once(story):
    with story.world.app.app_context():
        job = db.session.get_one(Job, story.job_id)
        alice = db.session.scalar(select(User).where(User.email == story.world.alice))
        jobs.connect(job, job.stage_links[0].ats_job, "INTERVIEW", "", alice)
    story.box.post("faults", {"kind": "drop"})
    story.applies()
    with story.world.app.app_context():
        assert why(db.session.get_one(Job, story.job_id), "ada@example.org").looked_up == 1
