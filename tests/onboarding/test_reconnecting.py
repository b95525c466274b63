"""An admin connects and connects again on the connection page, without a link."""

import pytest

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role
from tests.page_text import text_of
from tests.world import csrf

PAGE = "/connection/reconnect"


def enter(browser, client_id: str, client_secret: str):
    form = {"client_id": client_id, "client_secret": client_secret}
    return browser.post(PAGE, data={"csrf_token": csrf(browser, PAGE), **form})


def test_an_admin_without_a_link_connects(app, world, account, site, work):
    alice = world.log_in(world.alice)
    assert "Connect SmartRecruiters" in text_of(alice.get("/connection"))
    page = text_of(alice.get(PAGE))
    assert "Tick these scopes" in page
    assert alice.get(f"{PAGE}/check").location == PAGE
    progress = alice.get(f"{PAGE}/check/progress", headers={"HX-Request": "true"})
    assert progress.status_code == 404
    credential = account.credential()
    assert enter(alice, credential.client_id, credential.client_secret).status_code == 303
    assert "We ask SmartRecruiters for each thing" in text_of(alice.get(f"{PAGE}/check"))
    work()
    page = alice.get(f"{PAGE}/check")
    assert "SmartRecruiters is connected." in text_of(page)
    assert "To the connection" in text_of(page)
    assert "/onboarding/" not in page.text
    assert credential.client_secret not in page.text + alice.get(PAGE).text
    assert "Northwind Ltd" in text_of(alice.get("/connection"))
    page = text_of(alice.get(PAGE))
    assert "Only a credential of Northwind Ltd can be used here" in page


def test_a_mistake_is_said_and_mended(world, account, site, work):
    alice = world.log_in(world.alice)
    credential = account.credential()
    assert enter(alice, "", "").status_code == 422
    assert enter(alice, "the-id", "the-id").status_code == 422
    enter(alice, credential.client_id, "wrong")
    work()
    page = text_of(alice.get(f"{PAGE}/check"))
    assert page.count("does not accept this Client ID and Client Secret") == 1
    token = csrf(alice, f"{PAGE}/check")
    again = alice.post(f"{PAGE}/check/again", data={"csrf_token": token})
    assert again.location == f"{PAGE}/check"
    work()
    enter(alice, credential.client_id, credential.client_secret)
    work()
    assert "SmartRecruiters is connected." in text_of(alice.get(f"{PAGE}/check"))
    # Pressed once more, although all is well: nothing begins anew.
    alice.post(f"{PAGE}/check/again", data={"csrf_token": token})
    assert "SmartRecruiters is connected." in text_of(alice.get(f"{PAGE}/check"))


@pytest.mark.parametrize("who", ["bob", "charlie", "sam"])
def test_only_an_admin_of_the_organisation_may(world, admin, account, site, work, who):
    admin.connect(account.credential(), work)
    browser = world.log_in(getattr(world, who))
    allowed = who == "charlie"  # an admin too, of another organisation, and sees only that
    for path in (PAGE, f"{PAGE}/check"):
        answer = browser.get(path)
        assert answer.status_code in ((200, 302) if allowed else (404,))
        assert "Northwind" not in answer.text
    token = csrf(browser, "/password")
    form = {"csrf_token": token, "client_id": "an-id", "client_secret": "a-secret"}
    for path in (PAGE, f"{PAGE}/check/again"):
        assert browser.post(path, data=form).status_code in ((303, 302) if allowed else (404,))
    assert admin.connection().encrypted_pending_client_id is None
    assert app_is_closed(world)


def app_is_closed(world) -> bool:
    """Without a login there is only the login."""
    answer = world.app.test_client().get(PAGE)
    return answer.headers["Location"].startswith("/login?next=")


def test_the_reviewer_is_told_that_an_admin_connects(app, world):
    bob = world.log_in(world.bob)
    page = text_of(bob.get("/connection"))
    assert "An admin of your team connects it." in page
    assert PAGE not in bob.get("/connection").text


def test_what_an_admin_enters_is_not_written_on_a_link(app, world, admin, account, site, work):
    """A link of before ends, as it could replace it, and shows nothing of it."""
    wrong = account.credential(without=("jobs_read",))
    admin.consent()
    admin.enter(wrong.client_id, wrong.client_secret)
    work()
    alice = world.log_in(world.alice)
    right = account.credential()
    enter(alice, right.client_id, right.client_secret)
    work()
    assert admin.connection().connected_at
    assert admin.link().connected_at is None
    for step in ("/done", "/keys"):
        answer = admin.get(step)
        assert answer.status_code == 410
        assert right.client_id not in answer.text
    with app.app_context():
        assert accounts.user_with("it@northwind.example") is None
        assert accounts.user_with(world.alice).role is Role.ADMIN
