"""Refused logins and refused pages leave an audit entry."""

import uuid

import pytest
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.models import AuditEntry
from eqsr.core import password_hashes
from eqsr.core.db import db
from tests.people import anybody, person
from tests.statements import statements
from tests.teams.members import member
from tests.world import csrf


def entries(app, action: str) -> list[AuditEntry]:
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == action)
        return list(db.session.scalars(query.order_by(AuditEntry.at)))


def try_to_log_in(app, email: str) -> int:
    browser = app.test_client()
    form = {"csrf_token": csrf(browser, "/login"), "email": email, "password": "wrong password"}
    return browser.post("/login", data=form).status_code


def test_a_refused_login_is_written_down_with_whose_account_it_was(app, world):
    try_to_log_in(app, world.alice)
    [entry] = entries(app, "login_refused")
    with app.app_context():
        alice = db.session.scalar(select(User).where(User.email == world.alice))
    assert (entry.organisation_id, entry.user_id) == (world.northwind, None)
    assert (entry.subject_id, entry.address) == (alice.id, "127.0.0.1")


def test_one_without_an_account_keeps_nothing_that_was_typed(app, world):
    try_to_log_in(app, "my-secret-password")
    try_to_log_in(app, "nobody@nowhere.example")
    for entry in entries(app, "login_refused"):
        assert (entry.organisation_id, entry.subject_id, entry.facts) == (None, None, {})


def test_its_time_does_not_tell_who_has_an_account(app, world):
    """The statements are the same, though one of the entries names an account."""
    try_to_log_in(app, "first@nowhere.example")
    seen = [
        statements(app, lambda email=email: try_to_log_in(app, email))
        for email in (world.alice, "nobody@nowhere.example")
    ]
    assert seen[0] == seen[1] != []
    assert any("audit_entry" in one for one in seen[0])


def test_as_much_is_hashed_for_whoever_it_is(app, world, monkeypatch):
    """Comparing with a hash takes most of a login's time."""
    person(world, world.alice).presses(member(world, world.dora, "deactivate"))
    try_to_log_in(app, "first@nowhere.example")
    compared = []

    class Counting:
        def __init__(self, inner):
            self._inner = inner

        def verify(self, password_hash, password):
            compared[-1] += 1
            return self._inner.verify(password_hash, password)

    monkeypatch.setattr(password_hashes, "_hasher", Counting(password_hashes._hasher))
    sent = []
    for email in (world.alice, "nobody@nowhere.example", world.dora):
        compared.append(0)
        sent.append(statements(app, lambda email=email: try_to_log_in(app, email)))
    assert compared == [1, 1, 1]
    assert sent[0] == sent[1] == sent[2]


def test_a_wrong_current_password_is_written_down(app, world):
    alice = person(world, world.alice)
    new = "a much longer sentence than before"
    answer = alice.posts("/password", current="wrong password", new=new, repeated=new)
    assert answer.status_code == 422
    [entry] = entries(app, "password_refused")
    assert entry.subject_id == entry.user_id is not None


@pytest.mark.parametrize("path", ["/team", "/customers", "/fairness"])
def test_a_page_of_another_role_is_written_down_once_a_minute(app, world, path):
    bob = world.log_in(world.bob)
    for _twice in range(2):
        assert bob.get(path).status_code == 404
    [entry] = entries(app, "access_refused")
    assert entry.organisation_id == world.northwind and entry.user_id is not None
    assert entry.facts["method"] == "GET" and entry.facts["endpoint"]


def test_a_search_for_others_things_leaves_few_entries_that_say_how_many(app, world, story):
    charlie = world.log_in(world.charlie)
    for _time in range(65):
        assert charlie.get(f"/jobs/{uuid.uuid4()}").status_code == 404
    numbers = [entry.facts.get("number") for entry in entries(app, "access_refused")]
    assert numbers == [None] * 30 + [60]


def test_another_organisations_job_is_written_down_with_its_id(app, world, story):
    charlie = world.log_in(world.charlie)
    assert charlie.get(f"/jobs/{story.job_id}").status_code == 404
    [entry] = entries(app, "access_refused")
    assert (entry.organisation_id, entry.subject_id) == (world.acme, story.job_id)


def test_an_id_that_a_room_checks_is_written_down_too(app, world, story):
    alice = world.log_in(world.alice)
    headers = {"X-CSRFToken": csrf(alice, "/team")}
    path = f"/team/invitations/{story.job_id}/withdraw"
    assert alice.post(path, headers=headers).status_code == 404
    [entry] = entries(app, "access_refused")
    assert entry.subject_id == story.job_id


def test_a_visitor_without_a_login_leaves_none(app, world):
    assert anybody(world).browser.get("/team").status_code == 302
    assert entries(app, "access_refused") == []
