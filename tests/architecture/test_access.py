"""Access rules: every endpoint declares its access, and members see only their own organisation."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from eqsr.accounts.models import LoginSession, Role, User
from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.extras.partners.models import Platform, PlatformKey
from eqsr.extras.shared_profiles import service as guests
from eqsr.invitations.models import Invitation
from eqsr.onboarding import service as onboarding
from eqsr.outbox.models import Work, WorkState
from eqsr.teams import team_invitations
from eqsr.teams.models import TeamInvitation
from eqsr.web.access import LINK_HOLDER, MEMBER, PUBLIC, SEES, SIGNED
from tests.story import Story
from tests.world import World, csrf

# Endpoints that anybody may open without a link; a new one needs a reason to be added.
OPEN = {
    "organisations.logo",
    "organisations.stylesheet",
    "accounts.home",
    "accounts.login",
    "accounts.logout",
    "accounts.forgotten",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    "library.overview",
    "library.instrument",
    # Documentation for programmers of other platforms; it contains no personal data.
    "elsewhere.openapi",
}


def rules(app: Flask, access: str | None = None):
    """Return every URL rule with its view's declared access, or only the rules of one access."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and access in (None, getattr(view, "access", None)):
            yield rule, getattr(view, "access", None)


def test_every_endpoint_declares_its_access(app):
    undeclared = [rule.endpoint for rule, access in rules(app) if access is None]
    assert undeclared == []
    assert {access for _, access in rules(app)} == {PUBLIC, LINK_HOLDER, SIGNED, MEMBER}


def test_what_is_public_is_known(app):
    assert {rule.endpoint for rule, _ in rules(app, PUBLIC)} == OPEN


def test_a_link_or_a_key_is_in_the_address_of_what_they_open(app):
    for access, name in ((LINK_HOLDER, "token"), (SIGNED, "key")):
        assert all(name in rule.arguments for rule, _ in rules(app, access))


def test_an_endpoint_that_declares_nothing_is_refused(own_app):
    own_app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    answer = own_app.test_client().get("/forgotten")
    assert answer.status_code == 500
    assert b"secret" not in answer.data


@pytest.fixture
def paths(app: Flask, story: Story) -> list[tuple[str, str]]:
    """Return (method, path) of every member page, filled with existing ids of Northwind."""
    ada = story.applies()
    story.moves(ada)
    story.work()
    with app.app_context():
        alice, bob = (
            db.session.scalar(select(User).where(User.email == email))
            for email in (World.alice, World.bob)
        )
        candidate_id = db.session.scalar(select(Candidate.id))
        shared = guests.share(alice, candidate_id, "guest@example.org", 7, new_id(), "")
        team_invitations.invite(alice, "new@northwind.example", Role.REVIEWER)
        link, _url = onboarding.issue_link(story.world.northwind, "it@northwind.example")
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Work).where(Work.connection_id.is_not(None))).first()
        row.state = WorkState.DEAD
        northwind = story.world.northwind
        platform = Platform(organisation_id=northwind, name="Puzzle House", host="puzzle.example")
        session.add(platform)
        session.flush()
        key = PlatformKey(platform_id=platform.id, key="k", encrypted_secret="locked")
        session.add(key)
        session.flush()
        ids = {
            "job_id": story.job_id,
            "candidate_id": candidate_id,
            "application_id": session.scalar(select(Application.id)),
            "invitation_id": session.scalar(select(Invitation.id)),
            "work_id": row.id,
            "user_id": bob.id,
            "share_id": shared.id,
            "team_invitation_id": session.scalar(select(TeamInvitation.id)),
            "link_id": link.id,
            "session_id": _session_of(alice.id),
            "platform_id": platform.id,
            "key_id": key.id,
            "instrument": "work-style",
            "slug": "northwind",
            "topic": "roles",
        }
        ats_job = session.scalar(select(AtsJob.id))
    with app.test_request_context():
        return [
            (method, _filled(rule.rule, ids) + f"?ats_job={ats_job}")
            for rule, _ in rules(app, MEMBER)
            for method in sorted(rule.methods & {"GET", "POST"})
        ]


def _session_of(user_id: uuid.UUID) -> uuid.UUID:
    begun = LoginSession(user_id=user_id)
    db.session.add(begun)
    db.session.flush()
    return begun.id


def _filled(rule: str, ids: dict[str, uuid.UUID | str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), rule)


def statuses(browser, paths, token: str) -> dict[str, int]:
    headers = {"X-CSRFToken": token}
    return {
        f"{method} {path}": browser.open(path, method=method, headers=headers).status_code
        for method, path in paths
    }


def with_id(paths: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(method, path) for method, path in paths if re.search(r"[0-9a-f-]{36}[/?]", path)]


def test_the_logged_out_are_sent_to_the_login(app, paths):
    browser = app.test_client()
    headers = {"X-CSRFToken": csrf(browser, "/login")}
    for method, path in paths:
        answer = browser.open(path, method=method, headers=headers)
        assert answer.status_code == 302, (method, path)
        assert answer.headers["Location"].startswith("/login?next="), (method, path)


def test_another_organisation_meets_a_404(world: World, paths):
    charlie = world.log_in(world.charlie)
    answers = statuses(charlie, with_id(paths), csrf(charlie, "/jobs"))
    assert len(answers) > 8
    assert set(answers.values()) == {404}, answers


def test_the_same_pages_open_for_their_own_people(world: World, paths):
    alice = world.log_in(world.alice)
    pages = [(method, path) for method, path in with_id(paths) if method == "GET"]
    answers = statuses(alice, pages, csrf(alice, "/jobs"))
    assert set(answers.values()) == {200}, answers


# Pages outside any organisation: the user's own account, and the help.
EVERYBODYS = ("/password", "/profile", "/sessions/end-others", "/help")


def test_staff_do_not_see_candidates_and_members_do_not_see_customers(world: World, paths):
    sam, bob = world.log_in(world.sam), world.log_in(world.bob)
    theirs = [(m, p) for m, p in paths if not p.startswith(("/customers", *EVERYBODYS))]
    answers = statuses(sam, theirs, csrf(sam, "/customers"))
    assert set(answers.values()) == {404}, answers
    customers = [(method, path) for method, path in paths if path.startswith("/customers")]
    answers = statuses(bob, customers, csrf(bob, "/jobs"))
    assert set(answers.values()) == {404}, answers


def test_a_reviewer_may_not_change_the_connection(world: World, app, paths):
    bob = world.log_in(world.bob)
    changes = [(m, p) for m, p in paths if p.startswith("/connection/") and m == "POST"]
    answers = statuses(bob, changes, csrf(bob, "/jobs"))
    assert len(answers) >= 5
    assert set(answers.values()) == {404}, answers
    with app.app_context():
        assert db.session.scalar(select(Work.state).where(Work.state == WorkState.DEAD))


# Ids that the rooms check themselves, in the context of the rest of the address.
CHECKED_BY_ROOMS = {
    "work_id",
    "share_id",
    "team_invitation_id",
    "link_id",
    "session_id",
    "platform_id",
    "key_id",
    "instrument",
    "slug",
    "topic",
}


def test_every_id_in_an_address_is_checked(app):
    named = {name for rule, _access in rules(app, MEMBER) for name in rule.arguments}
    assert named == set(SEES) | CHECKED_BY_ROOMS


def test_a_reviewer_sees_nothing_of_a_job_of_another_team(world: World, paths):
    dora = world.log_in(world.dora)
    jobs = re.compile(r"^/(jobs|candidates|invitations)/[0-9a-f-]{36}")
    theirs = [(method, path) for method, path in paths if jobs.match(path)]
    answers = statuses(dora, theirs, csrf(dora, "/jobs"))
    assert len(answers) > 25
    assert set(answers.values()) == {404}, answers
    assert "Developers" not in dora.get("/jobs").text


def test_a_reviewer_on_the_team_opens_all_of_its_pages(world: World, paths):
    bob = world.log_in(world.bob)
    jobs = re.compile(r"^/(jobs|candidates|invitations)/[0-9a-f-]{36}")
    pages = [(method, path) for method, path in paths if method == "GET" and jobs.match(path)]
    answers = statuses(bob, pages, csrf(bob, "/jobs"))
    assert set(answers.values()) == {200}, answers


def test_only_admins_manage_the_team(world: World, app, paths):
    team = [(method, path) for method, path in paths if path.startswith("/team")]
    assert len(team) > 6
    for email in (world.bob, world.dora, world.sam):
        browser = world.log_in(email)
        answers = statuses(browser, team, csrf(browser, "/password"))
        assert set(answers.values()) == {404}, (email, answers)
    with app.app_context():
        assert not db.session.scalar(select(TeamInvitation.withdrawn_at))
        assert all(db.session.scalars(select(User.active)))


def test_nobody_ends_a_session_of_somebody_else(world: World, app, paths):
    [path] = [path for _method, path in paths if "/end?" in path]
    for email in (world.bob, world.charlie, world.sam):
        browser = world.log_in(email)
        headers = {"X-CSRFToken": csrf(browser, "/password")}
        assert browser.post(path, headers=headers).status_code == 404
    alice = world.log_in(world.alice)
    headers = {"X-CSRFToken": csrf(alice, "/password")}
    assert alice.post(path, headers=headers).status_code == 303
