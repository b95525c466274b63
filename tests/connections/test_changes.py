"""Every change of a credential is written down and told to all admins; no credential of an unknown
or of another company takes the place of a known one."""

import pytest
from sqlalchemy import select

from eqsr.accounts import organisations
from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role
from eqsr.activity.models import AuditEntry
from eqsr.connections import cleanup, service
from eqsr.connections.models import ConnectionState
from eqsr.core.db import db
from eqsr.core.stored_messages import render
from tests.onboarding.admin import Account
from tests.page_text import text_of
from tests.world import PASSWORD, csrf


@pytest.fixture
def second_admin(app, world) -> str:
    with app.app_context():
        northwind = organisations.organisation_by_slug("northwind")
        accounts.create_user("zoe@northwind.example", northwind, Role.ADMIN, PASSWORD)
        gone = accounts.create_user("gone@northwind.example", northwind, Role.ADMIN, PASSWORD)
        gone.active = False
        db.session.commit()
    return "zoe@northwind.example"


@pytest.fixture
def connected(admin, account, site, work, box):
    admin.connect(account.credential(), work)
    return admin


def entries(app, *actions: str) -> list[AuditEntry]:
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.at)
        return list(db.session.scalars(query))


def reconnect(browser, credential):
    form = {"client_id": credential.client_id, "client_secret": credential.client_secret}
    token = csrf(browser, "/connection/reconnect")
    return browser.post("/connection/reconnect", data={"csrf_token": token, **form})


def presses(browser, path: str) -> None:
    token = csrf(browser, "/connection")
    assert browser.post(path, data={"csrf_token": token}).status_code == 302


def mailed(box, subject: str) -> dict[str, str]:
    """Who got a mail of that subject, and its text."""
    found = [mail for mail in box.get("mails") if mail["subject"] == subject]
    assert len({mail["to"][0] for mail in found}) == len(found), "somebody got it twice"
    return {mail["to"][0]: mail["text"] for mail in found}


def test_connecting_by_a_link_is_told_to_all_admins(app, world, second_admin, connected, box, work):
    mails = mailed(box, "SmartRecruiters was connected")
    assert set(mails) == {world.alice, second_admin}
    text = mails[world.alice]
    assert "Who: the person with the onboarding link for it@northwind.example" in text
    assert "From: 127.0.0.1" in text
    assert "Company: Northwind Ltd" in text
    assert f"Client ID: {connected.connection().client_id}" in text
    assert "If nobody at Northwind did this: disconnect" in text
    assert "/connection" in text
    [entry] = entries(app, "credential_connected")
    assert (entry.user_id, entry.facts["by"]) == (None, "it@northwind.example")
    assert entry.address == "127.0.0.1"


def test_the_first_connection_is_told_to_the_person_of_the_link(
    app, world, account, site, work, box
):
    from tests.onboarding.admin import Admin

    with app.app_context():
        newcomer = organisations.create_organisation("Newcomer")
    admin = Admin(app, newcomer.id)
    admin.connect(account.credential(), work)
    assert set(mailed(box, "SmartRecruiters was connected")) == {"it@northwind.example"}


def test_replacing_it_names_the_admin_who_did(
    app, world, second_admin, connected, account, box, work
):
    alice = world.log_in(world.alice)
    box.forget_mails()
    fresh = account.credential()
    assert reconnect(alice, fresh).location == "/connection/reconnect/check"
    work()
    assert "SmartRecruiters is connected." in text_of(alice.get("/connection/reconnect/check"))
    assert connected.connection().client_id == fresh.client_id
    mails = mailed(box, "The SmartRecruiters credential was replaced")
    assert set(mails) == {world.alice, second_admin}
    assert "Who: Alice" in mails[second_admin]
    assert fresh.client_secret not in str(box.get("mails"))
    [entry] = entries(app, "credential_replaced")
    with app.app_context():
        assert entry.user_id == accounts.user_with(world.alice).id
    assert "Alice replaced the SmartRecruiters credential." in text_of(alice.get("/team"))


def test_a_trial_that_fails_changes_and_mails_nothing(app, world, connected, account, box, work):
    alice = world.log_in(world.alice)
    before = connected.connection().client_id
    box.forget_mails()
    reconnect(alice, account.credential(without=("jobs_read",)))
    work()
    page = text_of(alice.get("/connection/reconnect/check"))
    assert "The scope jobs_read is missing" in page
    assert connected.connection().client_id == before
    assert box.get("mails") == []
    assert entries(app, "credential_replaced") == []


def test_disconnecting_and_forgetting_are_told(app, world, second_admin, connected, box, work):
    alice = world.log_in(world.alice)
    box.forget_mails()
    presses(alice, "/connection/disconnect")
    work()
    mails = mailed(box, "SmartRecruiters was disconnected")
    assert set(mails) == {world.alice, second_admin}
    assert "Who: Alice" in mails[world.alice]
    assert "reconnect on the connection page" in mails[world.alice]
    mails = mailed(box, "The SmartRecruiters credential was deleted here")
    assert set(mails) == {world.alice, second_admin}
    assert "Who: Equalture, automatically" in mails[world.alice]
    assert len(entries(app, "disconnected", "credential_forgotten")) == 2
    with app.app_context():  # done again after a crash, it tells nothing again
        cleanup.delete_credential(connected.connection().id)
    work()
    assert len(entries(app, "credential_forgotten")) == 1


def test_a_new_signing_key_is_told_with_who_asked_for_it(
    app, world, second_admin, connected, box, work
):
    alice = world.log_in(world.alice)
    box.forget_mails()
    presses(alice, "/connection/key")
    work()
    mails = mailed(box, "The SmartRecruiters signing key was replaced")
    assert set(mails) == {world.alice, second_admin}
    assert "Who: Alice" in mails[second_admin]
    [asked, entry] = entries(app, "signing_key_asked", "signing_key_replaced")
    assert asked.user_id == entry.user_id is not None


def test_a_key_that_we_make_again_is_told_once_an_hour(app, world, connected, account, box, work):
    box.forget_mails()
    for _time in range(3):
        account.lose(connected.connection().subscription_id)
        with app.app_context():
            service.request_check(connected.connection().id)
        work()
    assert len(entries(app, "signing_key_renewed")) == 3
    mails = mailed(box, "The SmartRecruiters signing key was replaced")
    assert set(mails) == {world.alice}
    assert "Who: Equalture, automatically" in mails[world.alice]


@pytest.mark.parametrize("way", ["link", "admin"])
@pytest.mark.parametrize("company", ["hidden", "failing", "another"])
def test_no_credential_of_an_unknown_company_replaces_a_known_one(
    app, world, connected, account, box, site, work, way, company
):
    before = connected.connection()
    credential = account.credential()
    if company == "another":
        credential = Account(box, "Somebody Else").credential()
    if company in ("hidden", "failing"):
        # 403 here: the scope's own error. Either of two scopes shows the company.
        account.fault("403" if company == "hidden" else "404", "/configuration/company")
    browser = world.log_in(world.alice)
    box.forget_mails()
    if way == "link":
        connected.gets_new_link()
        connected.enter(credential.client_id, credential.client_secret)
        work()
        page = connected.text("/check")
    else:
        reconnect(browser, credential)
        work()
        page = text_of(browser.get("/connection/reconnect/check"))
    sentence = {
        "another": "These credentials belong to Somebody Else, but Northwind Ltd was connected",
    }.get(company, "does not let us see whose account this credential opens")
    assert page.count(sentence) == 1
    after = connected.connection()
    assert after.client_id == before.client_id
    assert after.encrypted_client_secret == before.encrypted_client_secret
    assert after.subscription_id == before.subscription_id
    assert (after.company_name, after.state) == ("Northwind Ltd", ConnectionState.ACTIVE)
    assert [one["id"] for one in account.subscriptions()] == [before.subscription_id]
    assert box.get("mails") == []


def test_after_disconnecting_the_company_is_still_known(app, world, connected, account, box, work):
    alice = world.log_in(world.alice)
    presses(alice, "/connection/disconnect")
    work()
    reconnect(alice, Account(box, "Somebody Else").credential())
    work()
    assert "These credentials belong to Somebody Else" in text_of(
        alice.get("/connection/reconnect/check")
    )
    assert connected.connection().state is ConnectionState.DISCONNECTED
    reconnect(alice, account.credential())
    work()
    assert connected.connection().state is ConnectionState.ACTIVE


def test_a_company_that_never_connected_is_not_known(app, admin, account, box, site, work):
    """The wrong account at first, and with a scope missing: the right one connects afterwards."""
    wrong = Account(box, "Our Test Account").credential(without=("jobs_read",))
    admin.consent()
    admin.enter(wrong.client_id, wrong.client_secret)
    work()
    assert admin.connection().company_name is None
    right = account.credential()
    admin.enter(right.client_id, right.client_secret)
    work()
    assert admin.connection().company_name == "Northwind Ltd"
    assert render(admin.link().failure or "") == ""
