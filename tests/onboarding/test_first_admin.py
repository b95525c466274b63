"""Staff invites a customer's first admin, sends it again, withdraws it, and revokes links."""

import re

import time_machine

from eqsr.accounts import organisations
from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role
from eqsr.core.clock import now
from eqsr.onboarding import link_validity
from tests.page_text import text_of
from tests.people import link_in
from tests.world import PASSWORD, csrf

EMAIL = "first@newcomer.example"
GOOD = {"name": "Femke Smit", "new": "three unrelated words", "repeated": "three unrelated words"}
PAGE = "/customers/newcomer"


def sam_with_newcomer(world):
    with world.app.app_context():
        organisations.create_organisation("Newcomer")
    return world.log_in(world.sam)


def sends(browser, path: str, **form: str):
    page = PAGE if browser.get(PAGE).status_code == 200 else "/password"
    return browser.post(path, data={"csrf_token": csrf(browser, page), **form})


def follows(world, path: str):
    browser = world.app.test_client()
    answer = browser.get(path)
    if answer.status_code != 200:
        return browser, answer
    return browser, browser.post(path, data={"csrf_token": csrf(browser, path), **GOOD})


def test_staff_invites_the_first_admin_who_sets_a_password(world, box, work):
    sam = sam_with_newcomer(world)
    assert "Nobody can log in as an admin yet" in text_of(sam.get(PAGE))
    assert "command line" not in text_of(sam.get(PAGE))
    answer = sends(sam, f"{PAGE}/admin", admin_email=f" {EMAIL} ")
    assert answer.location == PAGE
    assert f"The invitation is on its way to {EMAIL}." in text_of(sam.get(PAGE))
    assert "Invited" in text_of(sam.get(PAGE))
    work()
    [mail] = box.get("mails", to=EMAIL)
    assert mail["subject"] == "Sam invites you to Equalture"
    assert "the candidates of Newcomer" in " ".join(mail["text"].split())
    browser, answer = follows(world, link_in(box, EMAIL, "/join/"))
    assert answer.status_code == 303
    page = text_of(sam.get(PAGE))
    assert f"Admin {EMAIL}" in page
    assert "Invite the first admin" not in page
    assert browser.get("/team").status_code == 200
    assert "Connect SmartRecruiters" in text_of(browser.get("/connection"))
    answer = sends(sam, f"{PAGE}/admin", admin_email="second@newcomer.example")
    assert "This customer has an admin already." in text_of(sam.get(answer.location))


def test_sending_again_ends_the_first_link_and_withdrawing_the_second(world, box, work):
    sam = sam_with_newcomer(world)
    sends(sam, f"{PAGE}/admin", admin_email=EMAIL)
    sends(sam, f"{PAGE}/admin", admin_email=EMAIL)  # a double click
    assert "The mail is on its way already." in text_of(sam.get(PAGE))
    work()
    first = link_in(box, EMAIL, "/join/")
    with time_machine.travel(now().timestamp() + 120):
        sends(sam, f"{PAGE}/admin", admin_email=EMAIL)
        work()
        second = link_in(box, EMAIL, "/join/")
        assert second != first
        assert follows(world, first)[1].status_code == 410
        withdraw = re.search(r'action="([^"]+/withdraw)"', sam.get(PAGE).text)[1]
        sends(sam, withdraw)
        assert EMAIL not in text_of(sam.get(PAGE)).split("is withdrawn", 1)[1]
        assert follows(world, second)[1].status_code == 410
    with world.app.app_context():
        assert accounts.user_with(EMAIL) is None


def test_an_invitation_of_staff_is_over_once_there_is_an_admin(world, box, work):
    sam = sam_with_newcomer(world)
    sends(sam, f"{PAGE}/admin", admin_email=EMAIL)
    work()
    with world.app.app_context():
        newcomer = organisations.organisation_by_slug("newcomer")
        accounts.create_user("other@newcomer.example", newcomer, Role.ADMIN, PASSWORD)
    _browser, answer = follows(world, link_in(box, EMAIL, "/join/"))
    assert answer.status_code == 410
    assert "has an admin already" in text_of(answer)


def test_what_can_not_be_invited_is_said(world):
    sam = sam_with_newcomer(world)
    for email in ("", "nobody", "a@b@c", "x@y.example\r\nBcc: z@y.example", world.charlie):
        answer = sends(sam, f"{PAGE}/admin", admin_email=email)
        assert answer.location == PAGE
        assert "can't be" in text_of(sam.get(PAGE)), email


def test_staff_revokes_a_link(world, admin):
    sam = world.log_in(world.sam)
    page = sam.get("/customers/northwind")
    revoke = re.search(r'action="([^"]+/revoke)"', page.text)[1]
    token = csrf(sam, "/customers/northwind")
    for _press in range(2):
        answer = sam.post(revoke, data={"csrf_token": token})
        assert answer.location == "/customers/northwind"
    page = sam.get("/customers/northwind")
    assert "Revoked" in text_of(page)
    assert "/revoke" not in page.text
    assert "This link was revoked" in text_of(admin.get())


def test_only_staff_may_and_only_for_the_right_customer(world, admin, work):
    sam = sam_with_newcomer(world)
    sends(sam, f"{PAGE}/admin", admin_email=EMAIL)
    page = sam.get(PAGE).text
    withdraw = re.search(r'action="([^"]+/withdraw)"', page)[1]
    link_id = admin.link().id
    paths = (withdraw, f"{PAGE}/admin", f"/customers/northwind/links/{link_id}/revoke")
    for email in (world.alice, world.bob, world.charlie):
        browser = world.log_in(email)
        for path in paths:
            assert sends(browser, path, admin_email="x@y.example").status_code == 404
    # Staff, by the address of another customer.
    other = withdraw.replace("newcomer", "northwind")
    assert sends(sam, other).status_code == 404
    assert sends(sam, f"{PAGE}/links/{link_id}/revoke").status_code == 404
    assert sends(sam, "/customers/nobody/admin", admin_email=EMAIL).status_code == 404
    with world.app.app_context():
        assert not link_validity.is_over(admin.link())
    assert EMAIL in text_of(sam.get(PAGE))
