"""Access rules: every endpoint declares its access, and members see only their own organisation."""

import re

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.core.db import db
from eqsr.outbox.models import Work, WorkState
from eqsr.teams.models import TeamInvitation
from eqsr.web.access import LINK_HOLDER, MEMBER, PUBLIC, SEES, SIGNED
from tests.architecture.endpoints import rules
from tests.world import World, csrf, csrf_token

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
    "security_txt.contact",
    "library.overview",
    "library.instrument",
    # Documentation for programmers of other platforms; it contains no personal data.
    "elsewhere.openapi",
}


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


def statuses(browser, paths, token: str) -> dict[str, int]:
    headers = {"X-CSRFToken": token}
    return {
        f"{method} {path}": browser.open(
            path, method=method, headers=headers, follow_redirects=method == "GET"
        ).status_code
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
    answers = statuses(charlie, with_id(paths), csrf_token(charlie))
    assert len(answers) > 8
    assert [path for path, status in answers.items() if status != 404] == [], answers


def test_the_same_pages_open_for_their_own_people(world: World, paths):
    alice = world.log_in(world.alice)
    pages = [(method, path) for method, path in with_id(paths) if method == "GET"]
    answers = statuses(alice, pages, csrf_token(alice))
    assert set(answers.values()) == {200}, answers


# Pages outside any organisation: the user's own account, and the help.
EVERYBODYS = ("/password", "/profile", "/sessions/end-others", "/help")


def test_staff_do_not_see_candidates_and_members_do_not_see_customers(world: World, paths):
    sam, bob = world.log_in(world.sam), world.log_in(world.bob)
    theirs = [(m, p) for m, p in paths if not p.startswith(("/customers", *EVERYBODYS))]
    answers = statuses(sam, theirs, csrf(sam, "/customers"))
    assert [path for path, status in answers.items() if status != 404] == [], answers
    customers = [(method, path) for method, path in paths if path.startswith("/customers")]
    answers = statuses(bob, customers, csrf_token(bob))
    assert [path for path, status in answers.items() if status != 404] == [], answers


def test_a_reviewer_may_not_change_the_connection(world: World, app, paths):
    bob = world.log_in(world.bob)
    changes = [(m, p) for m, p in paths if p.startswith("/connection/") and m == "POST"]
    answers = statuses(bob, changes, csrf_token(bob))
    assert len(answers) >= 5
    assert [path for path, status in answers.items() if status != 404] == [], answers
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
    answers = statuses(dora, theirs, csrf_token(dora))
    assert len(answers) > 25
    assert [path for path, status in answers.items() if status != 404] == [], answers
    assert "Developers" not in dora.get("/jobs").text


def test_a_reviewer_on_the_team_opens_all_of_its_pages(world: World, paths):
    bob = world.log_in(world.bob)
    jobs = re.compile(r"^/(jobs|candidates|invitations)/[0-9a-f-]{36}")
    pages = [(method, path) for method, path in paths if method == "GET" and jobs.match(path)]
    answers = statuses(bob, pages, csrf_token(bob))
    assert set(answers.values()) == {200}, answers


def test_only_admins_manage_the_team(world: World, app, paths):
    team = [(method, path) for method, path in paths if path.startswith("/team")]
    assert len(team) > 6
    for email in (world.bob, world.dora, world.sam):
        browser = world.log_in(email)
        answers = statuses(browser, team, csrf(browser, "/password"))
        assert [path for path, status in answers.items() if status != 404] == [], (email, answers)
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
