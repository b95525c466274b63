"""Other platforms and their keys, on an administrator's page; and a job's choice."""

import re

import pytest
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.core.db import db
from eqsr.core.extensions import vault
from eqsr.core.messages import UserError
from eqsr.extras.partners.models import Platform, PlatformKey
from eqsr.invitations.models import Invitation
from eqsr.jobs import assessment_platform
from eqsr.jobs import service as jobs
from eqsr.jobs.models import JobKind
from eqsr.jobs.platform_choice import usable_link
from tests.norms.crowd import crowd
from tests.norms.forms import post
from tests.page_text import text_of
from tests.people import said_at
from tests.world import World

HOST = "assess.puzzle.example"
LINK = f"https://{HOST}/start?invitation={{invitation}}"


@pytest.fixture
def alice(world):
    return world.log_in(world.alice)


@pytest.fixture
def platform(world, alice) -> Platform:
    post(alice, "/platforms", name="Puzzle House", host=f"https://{HOST.upper()}/")
    with world.app.app_context():
        return db.session.scalars(select(Platform)).one()


@pytest.fixture
def job(world):
    with world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == world.alice))
        return jobs.create_job(world.northwind, "Planner", JobKind.ATS, "work-style", alice)


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "127.0.0.1", "a b.example", "x.example/path", "x.example:80", "u@x.example"],
)
def test_a_host_is_a_name_and_nothing_more(world, alice, host):
    answer = post(alice, "/platforms", name="Puzzle House", host=host)
    assert answer.status_code == 422
    assert "Give the host alone" in said_at(answer.text, "host")
    assert 'value="Puzzle House"' in answer.text


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b"])
def test_a_name_is_asked_for_at_its_field(alice, name):
    answer = post(alice, "/platforms", name=name, host=HOST)
    assert answer.status_code == 422
    assert "Give the platform a name" in said_at(answer.text, "name")


def test_the_same_form_sent_twice_adds_one_platform(world, alice, platform):
    post(alice, "/platforms", name=" Puzzle  House", host=HOST)
    with world.app.app_context():
        assert db.session.scalars(select(Platform.id)).all() == [platform.id]
    post(alice, "/platforms", name="Another House", host=HOST)
    assert alice.get("/platforms").text.count("Make a key") == 2


def test_the_secret_is_shown_once_and_stored_encrypted(world, alice, platform):
    page = post(alice, f"/platforms/{platform.id}/keys")
    secret = re.search(r'id="secret" value="([\w-]+)"', page.text)[1]
    with world.app.app_context():
        key = db.session.scalars(select(PlatformKey)).one()
        assert secret not in key.encrypted_secret
        assert vault.decrypt(key.encrypted_secret) == secret
    assert f"/api/elsewhere/v1/{key.key}" in page.text
    again = alice.get("/platforms")
    assert secret not in again.text
    assert key.key in text_of(again)


def test_two_keys_work_at_once_and_no_third(world, alice, platform):
    for _ in range(2):
        assert post(alice, f"/platforms/{platform.id}/keys").status_code == 200
    refused = post(alice, f"/platforms/{platform.id}/keys")
    assert refused.status_code == 400
    assert "Two keys work already" in text_of(refused)
    with world.app.app_context():
        first = db.session.scalars(select(PlatformKey.id)).first()
    post(alice, f"/platforms/keys/{first}/revoke")
    assert post(alice, f"/platforms/{platform.id}/keys").status_code == 200


def test_others_can_touch_nothing(world, alice, platform, job):
    post(alice, f"/platforms/{platform.id}/keys")
    with world.app.app_context():
        key = db.session.scalars(select(PlatformKey.id)).one()
    charlie, bob = world.log_in(World.charlie), world.log_in(World.bob)
    for path in (f"/platforms/{platform.id}/keys", f"/platforms/keys/{key}/revoke"):
        assert post(charlie, path).status_code == 404
        assert post(bob, path).status_code == 404
    assert "Puzzle House" not in charlie.get("/platforms").text
    assert bob.get("/platforms").status_code == 404
    with world.app.app_context():
        alone = db.session.scalar(select(User).where(User.email == World.charlie))
        theirs = jobs.create_job(world.acme, "Cook", JobKind.ATS, "work-style", alone)
    form = {"platform": str(platform.id), "link": LINK, "minutes": "20"}
    assert post(charlie, f"/jobs/{theirs.id}/elsewhere", **form).status_code == 404


def test_a_job_is_given_to_a_platform_and_back(world, alice, platform, job):
    form = {"platform": str(platform.id), "link": LINK, "minutes": "20"}
    told = text_of(post(alice, f"/jobs/{job.id}/elsewhere", **form))
    assert "Taken at Puzzle House; results come from there." in told
    assert "invited to Puzzle House" in told
    assert "Planner Puzzle House" in text_of(alice.get("/jobs"))
    with world.app.app_context():
        assert assessment_platform.choice_of(job.id).link == LINK
    told = text_of(post(alice, f"/jobs/{job.id}/elsewhere", platform=""))
    assert "Taken here." in told


def test_once_somebody_is_invited_it_stays(world, alice, platform):
    job_id, _ = crowd(world, [1])
    form = {"platform": str(platform.id), "link": LINK, "minutes": "20"}
    refused = post(alice, f"/jobs/{job_id}/elsewhere", **form)
    assert refused.status_code == 400
    assert "Somebody was invited already" in text_of(refused)
    with world.app.app_context():
        assert db.session.scalars(select(Invitation)).all()
        assert assessment_platform.choice_of(job_id) is None


@pytest.mark.parametrize(
    "form",
    [{"minutes": "0"}, {"minutes": "x"}, {"minutes": "9" * 5000}, {"link": ""}, {"link": "x"}],
)
def test_an_incomplete_choice_is_refused_at_its_field(alice, platform, job, form):
    whole = {"platform": str(platform.id), "link": LINK, "minutes": "20"}
    answer = post(alice, f"/jobs/{job.id}/elsewhere", **whole | form)
    assert answer.status_code == 422
    [field] = form
    assert said_at(answer.text, field)


def test_a_platform_that_is_none_is_not_there(alice, platform, job):
    form = {"platform": "x", "link": LINK, "minutes": "20"}
    assert post(alice, f"/jobs/{job.id}/elsewhere", **form).status_code == 404


@pytest.mark.parametrize(
    "link",
    [
        LINK.replace("https", "http"),
        LINK.replace(HOST, "evil.example"),
        LINK.replace(HOST, HOST + ".evil.example"),
        LINK.replace(HOST, HOST + "@evil.example"),
        LINK.replace(HOST, "evil.example\\@" + HOST),
        LINK.replace(HOST, HOST + ":8443"),
        LINK.replace("/start", "\\start"),
        f"https://{HOST}/start",
        f"https://{{invitation}}.{HOST}/",
        f"https://{HOST}/{{invitation}}/{{invitation}}",
        f"https://{HOST}/{{invitation}}/{{candidate}}",
        f"https://{HOST}/a b/{{invitation}}",
        f"https://{HOST}/é/{{invitation}}",
        "javascript:alert(1)//{invitation}",
        f"//{HOST}/{{invitation}}",
        f"https://[{HOST}/{{invitation}}",
        LINK + "x" * 500,
    ],
)
def test_a_link_leads_to_the_host_and_nowhere_else(link):
    with pytest.raises(UserError):
        usable_link(link, HOST)


@pytest.mark.parametrize("link", [LINK, f"https://{HOST}/{{invitation}}", f" {LINK} "])
def test_usable_links(link):
    assert usable_link(link, HOST) == link.strip()
