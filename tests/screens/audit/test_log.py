"""The audit log in words: whole, narrowed, page by page and as a file."""

import uuid

import pytest
from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.candidates.models import Application
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job
from eqsr.screens.audit.lines import SENTENCES
from eqsr.screens.audit.log import ENTRIES_A_PAGE, GROUPS
from tests.accounts.login import log_in
from tests.people import Person, person
from tests.teams.members import id_of, member


@pytest.fixture
def alice(world):
    return Person(world.log_in_by_page(world.alice))


def test_every_action_has_a_sentence_and_one_group():
    assert set(SENTENCES) == set(AuditAction)
    grouped = [action for group in GROUPS.values() for action in group]
    assert sorted(grouped) == sorted(AuditAction)


def test_it_says_who_did_what_from_where(world, alice):
    log_in(world.app.test_client(), world.bob, "wrong password")
    alice.presses(member(world, world.dora, "deactivate"))
    shown = alice.sees("/team/log")
    assert "Alice logged in." in shown
    assert "A login as Bob was refused." in shown
    assert "Alice deactivated dora@northwind.example." in shown
    assert "127.0.0.1" in shown


def test_candidates_are_named_until_they_are_forgotten(world, story, alice):
    story.moves(story.applies(firstName="Ada", lastName="Berg"))
    story.work()
    with world.app.app_context():
        application = db.session.scalars(select(Application)).one()
        candidate_id = application.candidate_id
    alice.sees(f"/candidates/{candidate_id}")
    assert "Alice opened the profile of Ada Berg." in alice.sees("/team/log?what=candidates")
    alice.posts(f"/applications/{application.id}/erase", sure="1")
    alice.posts(f"/applications/{application.id}/erase", sure="1", only="name")
    assert "Alice deleted a result." in alice.sees("/team/log?what=candidates")


def test_it_is_narrowed_by_kind_and_person(world, alice):
    world.log_in_by_page(world.bob)
    alice.presses(member(world, world.dora, "deactivate"))
    team = alice.sees("/team/log?what=team")
    assert "deactivated" in team and "logged in" not in team
    bob = alice.sees(f"/team/log?who={id_of(world, world.bob)}")
    assert "Bob logged in." in bob and "Alice logged in." not in bob
    about = alice.sees(f"/team/log?who={id_of(world, world.dora)}")
    assert "Alice deactivated dora@northwind.example." in about, "what was done to her too"
    nothing = alice.sees(f"/team/log?what=settings&who={uuid.uuid4()}")
    assert "Nothing is like that" in nothing
    for odd in ("what=x&who=y", "page=-1", "page=999999", "page=x", "who=%00", "what=%F0"):
        assert alice.browser.get(f"/team/log?{odd}").status_code == 200, odd


def test_it_is_read_page_by_page(world, alice):
    with world.app.app_context(), transaction():
        for number in range(ENTRIES_A_PAGE + 5):
            activity.audit(
                AuditAction.LINK_MADE, world.northwind, None, email=f"{number}@example.org"
            )
    newest, oldest = f" {ENTRIES_A_PAGE + 4}@example.org", " 0@example.org"
    first, second = alice.sees("/team/log"), alice.sees("/team/log?page=2")
    assert newest in first and oldest not in first
    assert oldest in second and newest not in second


def test_nobody_reads_another_organisations(world, story):
    """Nor the names of its things, which somebody here asked for in vain."""
    charlie = person(world, world.charlie)
    assert charlie.browser.get(f"/jobs/{story.job_id}").status_code == 404
    assert charlie.browser.get(f"/candidates/{uuid.uuid4()}").status_code == 404
    with world.app.app_context():
        activity.audit(
            AuditAction.JOB_FIT_SET, world.acme, id_of(world, world.charlie), story.job_id
        )
        title = _title(story)
    shown = charlie.sees("/team/log")
    assert "Charlie was refused a page." in shown
    assert "Charlie changed the target ranges of –." in shown
    assert title not in shown and "Alice" not in shown


def _title(story) -> str:
    return db.session.get_one(Job, story.job_id).title


def test_only_admins_open_it(world):
    for email in (world.bob, world.sam):
        for path in ("/team/log", "/team/log.csv"):
            assert world.log_in(email).get(path).status_code == 404


def test_it_is_downloaded_as_it_is_narrowed(world, alice):
    alice.presses(member(world, world.dora, "deactivate"))
    with world.app.app_context():
        activity.audit(AuditAction.LINK_MADE, world.northwind, None, email="=1+1@example.org")
    answer = alice.browser.get("/team/log.csv")
    rows = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv" and "127.0.0.1" in answer.text
    assert any("Alice logged in." in row for row in rows)
    narrowed = alice.browser.get("/team/log.csv?what=team").text
    assert "Alice deactivated dora@northwind.example." in narrowed
    assert "logged in" not in narrowed


def test_an_action_of_another_release_is_shown_by_its_name(world, alice):
    with world.app.app_context():
        activity.audit("moved_to_mars", world.northwind, id_of(world, world.alice))
    assert "moved_to_mars" in alice.sees("/team/log")


def test_many_of_the_same_say_how_many(world, alice):
    with world.app.app_context():
        alice_id = id_of(world, world.alice)
        activity.audit(AuditAction.LOGIN_REFUSED, world.northwind, None, alice_id, number=80)
    assert "A login as Alice was refused. That made 80 within an hour." in alice.sees("/team/log")
