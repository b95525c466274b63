"""Whatever is opened in a browser is a whole page, or leads to one: also the addresses of parts
that htmx swaps in, and those that only forms send to."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eqsr.web.access import LINK_HOLDER, PUBLIC
from tests.architecture.endpoints import rules
from tests.onboarding.admin import Account, Admin
from tests.sittings import sitting as sit
from tests.world import World

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}


# Nothing is there to open, and a whole page says so. The page of sessions is not above them.
NOTHING_THERE = {
    "/logout",
    "/sessions/end",
    "/sessions/end-others",
    "/customers/retry-mail",  # no customer is called so
    "/fairness/report.csv",  # is switched off
    "/take/confirm",  # only an open link has something to confirm
}


def faults(browser: FlaskClient, addresses: list[str]) -> dict[str, int]:
    """The addresses that do not open as a whole page, each with its status."""
    answers = {path: browser.get(path, follow_redirects=True) for path in addresses}
    return {
        path: answer.status_code
        for path, answer in answers.items()
        if answer.mimetype == "text/html" and not _is_fine(path, answer)
    }


def _is_fine(path: str, answer: TestResponse) -> bool:
    page = answer.text
    whole = page.startswith("<!doctype html") and page.rstrip().endswith("</html>")
    named = re.sub(r"/([0-9a-f-]{36}|[\w-]{40,}(\.[\w-]+)*)(?=/|$)", "", path.partition("?")[0])
    return whole and (answer.status_code == 200 or named in NOTHING_THERE)


def test_addresses_of_members(world: World, paths):
    alice, sam = world.log_in(world.alice), world.log_in(world.sam)
    addresses = sorted({path for _method, path in paths})
    theirs = [path for path in addresses if path.startswith("/customers")]
    hers = [path for path in addresses if path not in theirs]
    assert faults(alice, hers) | faults(sam, theirs) == {}


def test_parts_are_there_for_htmx(world: World, paths):
    alice = world.log_in(world.alice)
    asked = {path: alice.get(path, headers=HTMX) for method, path in paths if method == "GET"}
    parts = [
        path
        for path, answer in asked.items()
        if answer.mimetype == "text/html" and "<html" not in answer.text
    ]
    known = {re.sub(r"/[0-9a-f-]{36}", "", path.partition("?")[0]) for path in parts}
    assert {"/connection/health", "/jobs/connect/stages", "/jobs/progress"} <= known


def test_addresses_of_a_candidate(world: World, client):
    person = sit.invite(world, assessment="work-style+ferry")
    sit.start(client, person)
    wanted = [
        rule.rule.replace("/take/<token>", person.path)
        .replace("<int:page>", "1")
        .replace("<part>", "ferry")
        for rule, _access in rules(world.app, LINK_HOLDER)
        if rule.rule.startswith("/take/<token>")
    ]
    assert len(wanted) > 15
    assert faults(client, wanted) == {}


def test_addresses_of_an_onboarding_link(admin: Admin, account: Account, site, work):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    wanted = [
        rule.rule.replace("/onboarding/<token>", admin.path)
        for rule, _access in rules(admin.app, LINK_HOLDER)
        if rule.rule.startswith("/onboarding/<token>")
    ]
    assert len(wanted) > 6
    assert faults(admin.browser, wanted) == {}
    assert "<html" not in admin.get("/check/progress", htmx=True).text
    work()
    assert faults(admin.browser, wanted) == {}


def test_addresses_of_everybody(app, client):
    plain = [rule.rule for rule, _access in rules(app, PUBLIC) if not rule.arguments]
    assert len(plain) > 5
    assert faults(client, plain) == {}


def test_a_part_leads_to_its_page_with_what_was_asked(world: World, paths):
    alice = world.log_in(world.alice)
    [stages] = [path for _method, path in paths if "/connect/stages" in path]
    answer = alice.get(f"{stages}&stage=7&_scheme=javascript&_anchor=x&job_id=other")
    page, query = stages.replace("/stages", "").split("?")
    assert answer.status_code == 302
    assert answer.location == f"{page}?{query}&stage=7"


def test_what_only_takes_forms_leads_to_the_page_above_it(world: World, client):
    alice = world.log_in(world.alice)
    assert alice.get("/team/invite").location == "/team"
    assert alice.get("/connection/check").location == "/connection"
    # htmx, programs, and other ways to ask hear what is the matter.
    assert alice.get("/team/invite", headers=HTMX).status_code == 405
    assert alice.delete("/team/invite").status_code == 405
    assert client.get("/webhooks/smartrecruiters/x").status_code == 405
    person = sit.invite(world)
    assert client.get(f"{person.path}/start").location == person.path
