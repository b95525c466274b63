"""Disconnecting ends what is under way, whoever is at it."""

import pytest

from eqsr.connections import progress, service, signing_keys
from eqsr.connections.models import ConnectionState
from eqsr.core.stored_messages import render
from eqsr.outbox.models import WorkState
from tests.page_text import text_of
from tests.story import STAGE
from tests.world import csrf


@pytest.fixture
def connected(admin, account, site, work):
    admin.connect(account.credential(), work)
    return admin


def end(app, connection_id) -> None:
    with app.app_context():
        service.disconnect(connection_id, None, "Alice")


def test_disconnecting_deletes_the_subscription_and_forgets_the_credential(
    app, world, connected, account, work
):
    alice = world.log_in(world.alice)
    token = alice.get("/connection/disconnect").get_data(as_text=True)
    token = token.split('name="csrf-token" content="', 1)[1].split('"')[0]
    alice.post("/connection/disconnect", data={"csrf_token": token})
    assert connected.connection().state is ConnectionState.DISCONNECTED
    work()
    assert account.subscriptions() == []
    gone = connected.connection()
    assert (gone.client_id, gone.encrypted_client_secret) == (None, None)
    assert "SmartRecruiters is disconnected" in text_of(alice.get("/connection"))
    assert "Alice disconnected SmartRecruiters." in text_of(alice.get("/connection"))

    renewed = account.credential()
    connected.gets_new_link()
    connected.enter(renewed.client_id, renewed.client_secret)
    work()
    assert connected.connection().state is ConnectionState.ACTIVE
    assert connected.connection().id == gone.id


def test_disconnecting_works_although_smartrecruiters_is_away(app, world, connected, account, work):
    connection = connected.connection()
    account.fault("503", "/webhooks-api/*", "DELETE", times=2)
    with app.app_context():
        service.disconnect(connection.id, None, "Alice")
    for _again in range(3):
        work()
        work.hurry()
    account.no_faults()
    assert account.subscriptions() == []
    assert connected.connection().encrypted_client_secret is None


def test_disconnecting_forgets_a_credential_that_was_tried_in_vain(app, connected, work):
    connected.gets_new_link()
    connected.enter("nobody", "of-nobody")
    work()
    assert connected.connection().encrypted_pending_secret
    with app.app_context():
        service.disconnect(connected.connection().id, None, "Alice")
    work()
    gone = connected.connection()
    assert (gone.encrypted_pending_client_id, gone.encrypted_pending_secret) == (None, None)


def test_another_credential_that_waits_to_be_tried_is_forgotten(app, connected, account, work):
    second = account.credential()
    connected.gets_new_link()
    connected.enter(second.client_id, second.client_secret)
    end(app, connected.connection().id)
    assert connected.connection().encrypted_pending_secret is None
    work()
    connection = connected.connection()
    assert connection.state is ConnectionState.DISCONNECTED
    assert account.subscriptions() == []
    assert "Somebody disconnected SmartRecruiters meanwhile" in connected.text("/check")
    assert "Somebody disconnected" in render(connected.link().failure)


@pytest.mark.parametrize("worked", [False, True])
def test_what_was_ended_is_connected_only_by_a_credential_that_is_entered(
    app, connected, account, work, worked
):
    second = account.credential()
    connected.gets_new_link()
    connected.enter(second.client_id, "wrong")
    work()
    end(app, connected.connection().id)
    if worked:
        work()
    token = csrf(connected.browser, connected.path + "/check")
    again = connected.browser.post(connected.path + "/check/again", data={"csrf_token": token})
    assert again.status_code == 400
    assert "Enter the Client ID and the Client Secret first" in again.text
    connected.enter(second.client_id, second.client_secret)
    work()
    assert connected.connection().state is ConnectionState.ACTIVE
    assert len(account.subscriptions()) == 1


def test_in_the_middle_of_a_run_the_run_ends(app, connected, account, work, monkeypatch):
    second = account.credential()
    connected.gets_new_link()
    connected.enter(second.client_id, second.client_secret)
    connection_id, sign = connected.connection().id, signing_keys.ensure_signing_key

    def disconnected_meanwhile(*facts):
        sign(*facts)
        service.disconnect(connection_id, None, "Alice")

    monkeypatch.setattr(signing_keys, "ensure_signing_key", disconnected_meanwhile)
    work()
    connection = connected.connection()
    assert connection.state is ConnectionState.DISCONNECTED
    assert (connection.client_id, connection.encrypted_pending_secret) == (None, None)
    assert not progress.running(connection)
    assert {row.state for row in work.rows("connect")} == {WorkState.DONE}


def test_nobody_is_invited_while_the_credential_is_still_there(app, story):
    """Deleting the subscription takes several tries, so events go on arriving for a while."""
    fault = {"kind": "503", "match": {"path": "/webhooks-api/*", "method": "DELETE"}}
    story.box.post("faults", fault)
    end(app, story.connection_id)
    story.work("disconnect")
    story.moves(story.applies(quiet=True), **STAGE)
    story.work("webhook_event")
    assert {row.state for row in story.work.rows("webhook_event")} == {WorkState.WAITING}
    story.work()
    assert {mail["to"][0] for mail in story.mails()} == {"alice@northwind.example"}


def test_a_second_press_leads_to_the_page_that_says_so(world, connected):
    alice = world.log_in(world.alice)
    token = csrf(alice, "/connection/disconnect")
    for _press in range(2):
        answer = alice.post("/connection/disconnect", data={"csrf_token": token})
        assert answer.headers["Location"] == "/connection"
    assert "SmartRecruiters is disconnected" in text_of(alice.get("/connection"))
    assert alice.get("/connection/disconnect").headers["Location"] == "/connection"
    for path in ("check", "key", "work"):  # from a page that was open since before
        answer = alice.post(f"/connection/{path}", data={"csrf_token": token})
        assert answer.status_code == 400
        assert "not connected any more" in answer.text
