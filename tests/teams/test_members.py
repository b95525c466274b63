"""The page Team: roles, and who may still log in."""

import pytest

from tests.invitations.conftest import at_once
from tests.people import anybody, person
from tests.teams.members import member
from tests.world import World


@pytest.fixture
def alice(world):
    return person(world, world.alice)


def test_members_are_listed_with_role_state_and_when_they_were_seen(world, alice):
    page = alice.sees("/team")
    for name in ("Alice", "Bob", "Dora"):
        assert f"{name}" in page
    assert "charlie@acme.example" not in page
    assert "Dora Active dora@northwind.example Never" in page
    world.log_in(world.dora)
    assert "Dora Active dora@northwind.example Never" not in alice.sees("/team")


def test_a_role_is_changed_and_holds_at_once(world, alice):
    bob = person(world, world.bob)
    assert bob.browser.get("/team").status_code == 404
    shown = alice.presses(member(world, world.bob, "role"), role="admin")
    assert "The role of Bob is changed." in shown
    assert "Alice changed the role of bob@northwind.example from reviewer to admin." in shown
    assert bob.browser.get("/team").status_code == 200
    bob.presses(member(world, world.alice, "role"), role="reviewer")
    assert alice.browser.get("/team").status_code == 404


@pytest.mark.parametrize("role", ["staff", "guest", "", "x"])
def test_other_roles_are_refused(world, alice, role):
    assert alice.posts(member(world, world.bob, "role"), role=role).status_code == 404


def test_a_deactivated_member_is_out_at_once_and_back_when_reactivated(world, alice):
    bob = person(world, world.bob)
    shown = alice.presses(member(world, world.bob, "deactivate"))
    assert "Bob is deactivated" in shown
    assert "Alice deactivated bob@northwind.example." in shown
    assert bob.browser.get("/jobs").status_code == 302
    assert "do not match" in refused_login(world, world.bob)
    assert "can log in again" in alice.presses(member(world, world.bob, "reactivate"))
    assert bob.browser.get("/jobs").status_code == 302, "his old session stays ended"
    world.log_in(world.bob)


def test_a_member_is_logged_out_everywhere_and_may_come_back(world, alice):
    phone, laptop, dora = (person(world, one) for one in (world.bob, world.bob, world.dora))
    shown = alice.presses(member(world, world.bob, "log-out"))
    assert "Bob is logged out everywhere." in shown
    assert "Alice logged out bob@northwind.example everywhere." in shown
    assert {one.browser.get("/jobs").status_code for one in (phone, laptop)} == {302}
    assert dora.browser.get("/jobs").status_code == 200
    world.log_in(world.bob)


def refused_login(world: World, email: str) -> str:
    from tests.people import main_words
    from tests.world import PASSWORD

    answer = anybody(world).posts("/login", email=email, password=PASSWORD)
    assert answer.status_code == 401
    return main_words(answer)


@pytest.mark.parametrize(("verb", "form"), [("deactivate", {}), ("role", {"role": "reviewer"})])
def test_the_last_admin_stays(world, alice, verb, form):
    shown = alice.presses(member(world, world.alice, verb), **form)
    assert "Somebody has to be admin." in shown
    assert alice.browser.get("/team").status_code == 200


def test_two_admins_who_demote_each_other_at_once_leave_one(world, alice):
    alice.presses(member(world, world.bob, "role"), role="admin")
    bob = person(world, world.bob)
    paths = member(world, world.bob, "role"), member(world, world.alice, "role")
    at_once(
        lambda: alice.posts(paths[0], role="reviewer"),
        lambda: bob.posts(paths[1], role="reviewer"),
    )
    open_to = [one.browser.get("/team").status_code for one in (alice, bob)]
    assert sorted(open_to) == [200, 404]


def test_another_organisations_members_are_out_of_reach(world, alice):
    for verb in ("role", "deactivate", "reactivate", "log-out"):
        path = member(world, world.charlie, verb)
        assert alice.posts(path, role="reviewer").status_code == 404
    world.log_in(world.charlie)
