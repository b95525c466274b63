"""Every page follows the rules of HTML, for members, candidates and visitors without a login."""

import pytest

from tests.html import faults
from tests.screens.profile.profile_page import finished
from tests.sittings import sitting as sit
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<time datetime="2026-11-29T10:00:00.123456+00:00"></time>', "<time"),
        ('<button hidden="True"></button>', "hidden"),
        ('<a download="True"></a>', "Python"),
        ("<details><summary><div></div></summary></details>", "<div> in <summary>"),
        ("<select required><option value=a></option></select>", "first option"),
        ('<p id="a"></p><p id="a"></p>', "twice"),
        ("<ul><li></ul>", "closes"),
        ("<p>", "not closed"),
    ],
)
def test_faults_are_seen(page, fault):
    assert fault in " ".join(faults(page))


def test_what_is_in_order_has_none():
    assert not faults(
        '<!doctype html><p hidden>a<br><svg><path d=""/></svg></p><time datetime="2026-11-29">x'
        '</time><select required><option value="">a</option></select><summary><h2>b</h2></summary>'
    )


def test_pages_of_members(world: World, paths):
    found = {}
    for email in (world.alice, world.sam):
        browser = world.log_in(email)
        for method, path in paths:
            if method != "GET":
                continue
            answer = browser.get(path)
            if answer.mimetype == "text/html" and not answer.location and faults(answer.text):
                found[email, path] = faults(answer.text)
    assert found == {}


def test_pages_of_everybody(client):
    for path in (
        "/login",
        "/password/forgotten",
        "/nothing",
        "/instruments",
        "/take/x",
        "/shared/x",
    ):
        assert faults(client.get(path).text) == [], path


def test_pages_of_a_candidate_and_of_a_finished_result(world: World, client):
    person = sit.invite(world)
    before = {path: faults(client.get(person.path + path).text) for path in ("", "/privacy")}
    finished(client, person)
    after = {
        path: faults(client.get(person.path + path, follow_redirects=True).text)
        for path in ("", "/done", "/results")
    }
    alice = world.log_in(world.alice)
    result = {
        path: faults(alice.get(path).text)
        for path in (f"/candidates/{person.candidate}", "/results", "/jobs", "/organisation")
    }
    found = before | {f"after {path}": one for path, one in after.items()} | result
    assert {path: one for path, one in found.items() if one} == {}
