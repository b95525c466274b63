"""A job's team, and what it opens to a reviewer."""

import uuid

import pytest
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.candidates.models import Candidate
from eqsr.core.db import db
from tests.people import main_words, person
from tests.teams.members import id_of


@pytest.fixture
def invited(story) -> uuid.UUID:
    """Ada's id; she has her invitation to the story's job."""
    story.moves(story.applies())
    story.work()
    with story.world.app.app_context():
        return db.session.scalar(select(Candidate.id))


def test_a_reviewer_sees_a_job_once_on_its_team_and_no_longer_when_off(story, world, invited):
    bob, dora = person(world, world.bob), person(world, world.dora)
    job = f"/jobs/{story.job_id}"
    opened = (job, f"/candidates/{invited}", f"{job}/invitations.csv", f"{job}/why?q=Ada")
    assert {dora.browser.get(path).status_code for path in opened} == {404}
    assert "Developers" not in dora.sees("/jobs")
    dora_id = str(id_of(world, world.dora))
    shown = bob.presses(f"{job}/team", user=dora_id)
    assert "Dora is on the team of this job." in shown
    assert "Developers" in dora.sees("/jobs")
    assert {dora.browser.get(path).status_code for path in opened} == {200}
    assert "is off the team" in bob.presses(f"{job}/team/{dora_id}/remove")
    assert {dora.browser.get(path).status_code for path in opened} == {404}
    log = person(world, world.alice).sees("/team")
    assert "Bob added dora@northwind.example to the team of Developers." in log
    assert "Bob took dora@northwind.example off the team of Developers." in log


def test_adding_twice_changes_nothing(story, world):
    bob = person(world, world.bob)
    for _click in range(2):
        bob.presses(f"/jobs/{story.job_id}/team", user=str(id_of(world, world.dora)))
    assert person(world, world.alice).sees("/team").count("Bob added dora") == 1


def test_the_admins_who_see_a_job_are_named(story, world):
    assert "So do your admins: Alice." in person(world, world.alice).sees(f"/jobs/{story.job_id}")


def test_whoever_leaves_a_team_is_led_to_the_jobs(story, world):
    bob = person(world, world.bob)
    shown = bob.presses(f"/jobs/{story.job_id}/team/{id_of(world, world.bob)}/remove")
    assert "No jobs yet" in shown
    assert person(world, world.alice).browser.get(f"/jobs/{story.job_id}").status_code == 200


def test_whoever_creates_a_job_is_on_its_team(world):
    dora, bob = person(world, world.dora), person(world, world.bob)
    form = {
        "id": str(uuid.uuid4()),
        "kind": "link",
        "title": "Trainees",
        "assessment": "work-style",
    }
    page = dora.presses("/jobs/new", **form)
    assert "dora@northwind.example" in page
    assert bob.browser.get(f"/jobs/{form['id']}").status_code == 404


@pytest.mark.parametrize("user", ["charlie", "nobody", "nonsense", ""])
def test_only_colleagues_are_added(story, world, user):
    ids = {"charlie": str(id_of(world, world.charlie)), "nobody": str(uuid.uuid4())}
    answer = person(world, world.bob).posts(f"/jobs/{story.job_id}/team", user=ids.get(user, user))
    assert answer.status_code in (400, 404)
    assert "charlie" not in person(world, world.alice).sees(f"/jobs/{story.job_id}")


def test_a_profile_shows_a_reviewer_only_their_jobs(story, world, invited, app):
    """Ada is on two jobs of ours that watch the same stage: each team reads of its own."""
    from eqsr.connections import job_lookup
    from eqsr.connections.models import Connection
    from eqsr.jobs import service as jobs
    from eqsr.jobs.models import JobKind
    from tests.story import STAGE

    with app.app_context():
        dora = db.session.scalar(select(User).where(User.email == world.dora))
        ours = jobs.create_job(world.northwind, "Testers", JobKind.ATS, "work-style", dora)
        found = job_lookup.find_job(db.session.get(Connection, story.connection_id), story.ats_job)
        jobs.connect(ours, found, STAGE["status"], STAGE["subStatus"], dora)
    story.moves(story.applies("bo@example.org", firstName="Bo"))
    story.work()
    with app.app_context():
        query = select(Candidate.id).where(Candidate.first_name == "Bo")
        bo = db.session.scalar(query)
    seen = {
        who: main_words(person(world, email).browser.get(f"/candidates/{bo}"))
        for who, email in (("alice", world.alice), ("bob", world.bob), ("dora", world.dora))
    }
    assert "Developers" in seen["bob"] and "Testers" not in seen["bob"]
    assert "Testers" in seen["dora"] and "Developers" not in seen["dora"]
    assert "Developers" in seen["alice"] and "Testers" in seen["alice"]
