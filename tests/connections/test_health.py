"""A connection's health: problems open and close themselves."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from sqlalchemy import update

from eqsr.activity import history as activity_history
from eqsr.connections import service
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import db, transaction
from eqsr.core.encryption import Vault
from eqsr.core.stored_messages import render
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import WorkState
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import CredentialsRefused, NoAccess
from eqsr.smartrecruiters.errors.refusals import HandshakeFailed
from tests.onboarding.admin import ALL_SCOPES


@pytest.fixture
def credential(account):
    return account.credential()


@pytest.fixture
def connected(admin, credential, site, work):
    """A working connection, and a function that has it checked."""
    admin.connect(credential, work)
    return admin


def check(app, admin, work, *, thorough=True) -> None:
    with app.app_context():
        service.request_check(admin.connection().id, thorough=thorough)
        db.session.remove()
    work()


def kinds(app, admin) -> list[str]:
    with app.app_context():
        found = [one.kind for one in activity_history.of_connection(admin.connection().id)]
        db.session.remove()
        return found


def test_a_healthy_connection_stays_so(app, connected, account, work):
    before = connected.connection().checked_at
    check(app, connected, work)
    after = connected.connection()
    assert after.state is ConnectionState.ACTIVE
    assert after.checked_at > before
    assert len(account.subscriptions()) == 1
    assert "connection_trouble" not in kinds(app, connected)


def test_a_suspended_subscription_is_activated_again(app, connected, account, work):
    [subscription] = account.subscriptions()
    account.suspend(subscription["id"])
    check(app, connected, work, thorough=False)
    [now] = account.subscriptions()
    assert (now["id"], now["status"]) == (subscription["id"], "active")
    assert "subscription_restored" in kinds(app, connected)


def test_a_vanished_subscription_is_made_anew_and_signs(app, connected, account, work):
    [old] = account.subscriptions()
    account.lose(old["id"])
    check(app, connected, work, thorough=False)
    [now] = account.subscriptions()
    assert now["id"] != old["id"]
    assert now["status"] == "active"
    assert connected.connection().subscription_id == now["id"]
    with app.app_context():
        keys = service.live_keys(service.of(connected.organisation_id))
        db.session.remove()
    assert len(keys) == 2  # events of the old one may still be under way


def test_a_revoked_credential_opens_a_problem_and_a_new_one_closes_it(
    app, connected, account, credential, work
):
    account.revoke(credential)
    check(app, connected, work)
    ill = connected.connection()
    assert ill.state is ConnectionState.NEEDS_ATTENTION
    assert "does not accept this Client ID" in ill.problem
    check(app, connected, work)
    assert kinds(app, connected).count("connection_trouble") == 1

    renewed = account.credential()
    connected.gets_new_link()
    connected.enter(renewed.client_id, renewed.client_secret)
    work()
    well = connected.connection()
    assert (well.state, well.problem) == (ConnectionState.ACTIVE, None)


def test_a_scope_taken_away_is_named_and_comes_back(app, connected, account, credential, work):
    account.grant(credential, ["jobs_read", "configuration_read", "webhooks_manage"])
    check(app, connected, work)
    assert "The scopes candidates_read, " in render(connected.connection().problem)
    account.grant(credential, "all")
    check(app, connected, work, thorough=False)
    assert connected.connection().problem is None
    assert "connection_recovered" in kinds(app, connected)


def test_waiting_work_goes_on_when_the_connection_works_again(app, connected, work):
    from eqsr.core.db import transaction
    from eqsr.outbox import service as outbox
    from eqsr.outbox.models import Work

    connection = connected.connection()
    with app.app_context(), transaction() as session:
        outbox.enqueue(WorkKind.MIRROR_JOBS, connection.id, connection_id=connection.id)
        session.query(Work).filter_by(kind="mirror_jobs", state=WorkState.DUE).update(
            {"state": WorkState.WAITING}
        )
    check(app, connected, work)
    assert {row.state for row in work.rows("mirror_jobs")} == {WorkState.DONE}


def test_smartrecruiters_being_away_is_said_after_several_tries(app, connected, account, work):
    account.fault("503")
    check(app, connected, work)
    assert connected.connection().state is ConnectionState.ACTIVE
    for _again in range(5):
        work.hurry()
        work()
    assert "SmartRecruiters does not answer us" in render(connected.connection().problem)
    account.no_faults()
    check(app, connected, work, thorough=False)
    assert connected.connection().state is ConnectionState.ACTIVE


def test_that_smartrecruiters_can_not_reach_us_is_said(app, connected, account, work, monkeypatch):
    [subscription] = account.subscriptions()
    account.suspend(subscription["id"])

    def unreachable(_client, _subscription_id):
        raise HandshakeFailed(status=424)

    with monkeypatch.context() as patch:
        patch.setattr(SmartRecruiters, "activate", unreachable)
        check(app, connected, work)
        for _again in range(5):
            work.hurry()
            work()
    ill = connected.connection()
    assert "could not reach our webhook address" in render(ill.problem)
    assert ill.subscription_state == "inactive"
    check(app, connected, work)
    well = connected.connection()
    assert (well.problem, well.subscription_state) == (None, "active")


def test_a_lost_encryption_key_is_said(app, connected, work, monkeypatch):
    another = Vault([Fernet.generate_key().decode()])
    monkeypatch.setitem(app.extensions, "eqsr.vault", another)
    check(app, connected, work)
    assert "can't be read any more" in connected.connection().problem


def test_after_an_encryption_key_was_lost_a_new_credential_mends_all(
    app, connected, account, work, monkeypatch
):
    """The keys that sign events were encrypted with it too."""
    another = Vault([Fernet.generate_key().decode()])
    monkeypatch.setitem(app.extensions, "eqsr.vault", another)
    renewed = account.credential()
    connected.gets_new_link()
    connected.enter(renewed.client_id, renewed.client_secret)
    work()
    assert connected.connection().state is ConnectionState.ACTIVE
    with app.app_context():
        assert len(service.live_keys(service.of(connected.organisation_id))) == 1
        db.session.remove()


def test_a_subscription_is_brought_back_although_another_scope_is_missing(
    app, connected, account, credential, work
):
    account.grant(credential, [scope for scope in ALL_SCOPES if scope != "messages_write"])
    [subscription] = account.subscriptions()
    account.suspend(subscription["id"])
    check(app, connected, work)
    assert connected.connection().state is ConnectionState.NEEDS_ATTENTION
    assert "messages_write" in render(connected.connection().problem)
    assert [one["status"] for one in account.subscriptions()] == ["active"]


def test_while_the_credential_is_refused_the_mirror_waits_once(
    app, connected, account, credential, work
):
    account.revoke(credential)
    for _time in range(3):
        with app.app_context():
            service.request_mirror(connected.connection().id)
            db.session.remove()
        work()
    states = [row.state for row in work.rows("mirror_jobs")]
    assert states.count(WorkState.WAITING) == 1


def test_reported_trouble(app, connected, work):
    connection_id = connected.connection().id
    with app.app_context():
        service.report(connection_id, NoAccess(scope="jobs_read"))
    assert connected.connection().state is ConnectionState.ACTIVE
    assert work("check_health") == 1
    with app.app_context():
        service.report(connection_id, CredentialsRefused())
    assert connected.connection().state is ConnectionState.NEEDS_ATTENTION


def test_the_clock_checks_every_working_connection(connected, work):
    work.by_clock()
    work.by_clock()
    assert len([row for row in work.rows("check_health") if row.state is WorkState.DUE]) == 1


def test_a_replaced_key_is_accepted_for_a_day(app, connected, account, work):
    connection = connected.connection()

    def keys() -> list[str]:
        with app.app_context():
            found = service.live_keys(service.of(connected.organisation_id))
            db.session.remove()
            return found

    [old] = keys()
    with app.app_context():
        service.request_key(connection.id)
    work()
    new, still = keys()
    assert still == old
    assert new != old
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert keys() == [new]
    assert "key_replaced" in kinds(app, connected)


def test_a_connection_without_a_credential_is_told_and_not_checked_without_end(
    app, connected, work
):
    with app.app_context(), transaction() as session:
        session.execute(update(Connection).values(client_id=None, encrypted_client_secret=None))
    check(app, connected, work)
    assert {row.state for row in work.rows("check_health")} == {WorkState.DONE}
    with app.app_context():
        found = connected.connection()
        assert found.state is ConnectionState.NEEDS_ATTENTION
        assert "not connected" in str(found.problem)
        db.session.remove()
