"""The connection page."""

import re
import uuid
from pathlib import Path

from eqsr.core.db import transaction
from eqsr.outbox.handlers import handler
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from tests.page_text import text_of
from tests.world import csrf

HTMX = {"HX-Request": "true"}


def post(browser, path):
    return browser.post(path, data={"csrf_token": csrf(browser, "/connection")})


def test_without_a_connection_it_says_how_to_get_one(world):
    for email in (world.alice, world.bob):
        page = world.log_in(email).get("/connection")
        assert "SmartRecruiters is not connected" in text_of(page)
        assert "mailto:support@equalture.example" in page.get_data(as_text=True)


def test_it_shows_how_the_connection_does(world, admin, account, site, work):
    credential = account.credential()
    admin.connect(credential, work)
    alice = world.log_in(world.alice)
    page = text_of(alice.get("/connection"))
    assert "Northwind Ltd" in page
    assert credential.client_id in page
    assert credential.client_secret not in page
    for scope in ("jobs_read", "webhooks_manage"):
        assert scope in page
    assert "SmartRecruiters was connected for Northwind Ltd." in page
    assert "Found by comparing, last 24 hours 0 of 0" in page
    assert post(alice, "/connection/check").status_code == 302
    assert "Checking now" in text_of(alice.get("/connection"))
    work()
    assert "Checking now" not in text_of(alice.get("/connection/health", headers=HTMX))


def test_a_reviewer_sees_it_and_changes_nothing(world, admin, account, site, work):
    admin.connect(account.credential(), work)
    bob = world.log_in(world.bob)
    page = text_of(bob.get("/connection"))
    assert "Check now" not in page
    assert "Replace signing key" not in page
    for path in ("check", "key", "disconnect", "work"):
        assert post(bob, f"/connection/{path}").status_code == 404
    assert bob.get("/connection/disconnect").status_code == 404


def test_strangers_see_and_change_nothing(world, admin, account, site, work):
    admin.connect(account.credential(), work)
    charlie = world.log_in(world.charlie)
    assert "not connected" in text_of(charlie.get("/connection"))
    assert charlie.get("/connection/health", headers=HTMX).status_code == 404
    for path in ("check", "key", "disconnect", "work", f"work/{uuid.uuid4()}"):
        assert post(charlie, f"/connection/{path}").status_code == 404
    assert admin.connection().connected_at
    somebody = world.app.test_client()
    assert somebody.get("/connection").headers["Location"] == "/login?next=/connection"


def test_given_up_work_can_be_tried_again(app, world, admin, account, site, work):
    admin.connect(account.credential(), work)
    connection = admin.connection()
    with app.app_context(), transaction() as session:
        for state in (WorkState.DEAD, WorkState.DEAD, WorkState.DONE):
            session.add(
                Work(
                    kind=WorkKind.MIRROR_JOBS,
                    subject_id=connection.id,
                    connection_id=connection.id,
                    state=state,
                    last_error="unavailable GET /jobs no answer",
                )
            )
    alice = world.log_in(world.alice)
    assert "Work that was given up" in text_of(alice.get("/connection"))
    first, second = [row.id for row in work.rows() if row.state is WorkState.DEAD]
    charlie = world.log_in(world.charlie)
    assert post(charlie, f"/connection/work/{first}").status_code == 404
    post(alice, f"/connection/work/{first}")
    states = {row.id: row.state for row in work.rows()}
    assert (states[first], states[second]) == (WorkState.DUE, WorkState.DEAD)
    post(alice, "/connection/work")
    work()
    assert {row.state for row in work.rows("mirror_jobs")} == {WorkState.DONE}


def test_what_was_given_up_has_a_name(app, work):
    work()  # a worker knows every kind of work
    template = Path(app.root_path, app.template_folder, "connection/_dead.html").read_text()
    kinds = re.findall(r'"([a-z_]+)": ', template.split("set kinds =")[1].split("-%}")[0])
    assert {"check_application", "write_back", "sweep_stage"} <= set(kinds)
    assert [kind for kind in kinds if handler(kind) is None] == []


def test_forms_need_their_csrf_token(world, admin, account, site, work):
    admin.connect(account.credential(), work)
    alice = world.log_in(world.alice)
    for path in ("check", "key", "disconnect", "work"):
        assert alice.post(f"/connection/{path}").status_code == 400
    assert admin.connection().subscription_id
