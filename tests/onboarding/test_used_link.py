"""A link that is over can do nothing: every page and form of the flow, in every way to be over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.accounts import service as accounts
from eqsr.accounts.models import Role, User
from eqsr.core.db import db, transaction
from eqsr.onboarding import service
from eqsr.onboarding.models import OnboardingLink
from tests.onboarding.admin import Account, Admin
from tests.page_text import text_of
from tests.world import PASSWORD, csrf

NEW = {"name": "Mallory", "new": "three unrelated words", "repeated": "three unrelated words"}


def everything(app) -> dict[str, list]:
    """Every row of every table."""
    with app.app_context():
        return {
            table.name: sorted(map(str, db.session.execute(select(table)).all()))
            for table in db.metadata.sorted_tables
        }


def steps(app) -> list[tuple[str, str]]:
    """(method, step) of every address under a link."""
    found = [
        (method, rule.rule.removeprefix("/onboarding/<token>"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/onboarding/<token>")
        for method in sorted(rule.methods & {"GET", "POST"})
    ]
    assert len(found) >= 14
    return found


def try_everything(app, path: str, account: Account, status: int) -> list[str]:
    """Open and send everything with a credential that works and an account's password; what each
    page said."""
    browser, mine = app.test_client(), account.credential()
    token = csrf(browser, "/login")
    form = {
        "csrf_token": token,
        "client_id": mine.client_id,
        "client_secret": mine.client_secret,
        "email": "bob@northwind.example",
        "password": PASSWORD,
        **NEW,
    }
    said = []
    for method, step in steps(app):
        answer = browser.open(path + step, method=method, data=form if method == "POST" else None)
        assert answer.status_code == status, (method, step, answer.location)
        assert "location" not in answer.headers
        said.append(text_of(answer))
    assert browser.get("/jobs").status_code == 302  # nobody is logged in by any of it
    return said


def use(app, world, admin, account, work) -> None:
    """Connected, and the account made."""
    with transaction() as session:
        session.execute(User.__table__.update().values(role=Role.REVIEWER))
    with app.app_context():
        db.session.remove()
    admin.connect(account.credential(), work)
    token = csrf(admin.browser, admin.path + "/done")
    answer = admin.browser.post(admin.path + "/account", data={"csrf_token": token, **NEW})
    assert answer.status_code == 303


@pytest.fixture
def used(app, world, admin, account, site, work) -> Admin:
    with app.app_context():
        use(app, world, admin, account, work)
    return admin


def test_a_used_link_can_do_nothing(app, used, account, work):
    before = everything(app)
    said = try_everything(app, used.path, account, 410)
    work()
    assert everything(app) == before
    assert all("This link has done its work" in page for page in said)
    assert all("Log in to create jobs" in page for page in said)


def test_a_link_that_connected_more_than_an_hour_ago_can_do_nothing(
    app, admin, account, site, work
):
    admin.connect(account.credential(), work)
    before = everything(app)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        said = try_everything(app, admin.path, account, 410)
    assert everything(app) == before
    assert all("This link has done its work" in page for page in said)


def test_within_that_hour_it_can_only_make_the_account(app, admin, account, box, site, work):
    """An admin is there, so not even that; and no credential, of whatever company, is taken."""
    admin.connect(account.credential(), work)
    before = everything(app)
    stranger = Account(box, "Somebody Else").credential()
    token = csrf(admin.browser, admin.path + "/done")
    keys = {"client_id": stranger.client_id, "client_secret": stranger.client_secret}
    for step in ("/welcome", "/credential", "/keys", "/check/again"):
        form = {"csrf_token": token, **keys}
        assert admin.browser.post(admin.path + step, data=form).status_code == 410, step
    for step in ("", "/welcome", "/credential", "/keys"):
        assert admin.get(step).headers["Location"].endswith("/done"), step
    work()
    assert everything(app) == before


@pytest.mark.parametrize("consented", [False, True])
def test_an_expired_link_can_do_nothing(app, admin, account, consented):
    if consented:
        admin.consent()
    before = everything(app)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15)):
        said = try_everything(app, admin.path, account, 410)
    assert everything(app) == before
    assert all("This link has expired" in page for page in said)


def test_a_superseded_link_can_do_nothing(app, admin, account):
    admin.consent()
    old = admin.path
    admin.get_link()
    before = everything(app)
    said = try_everything(app, old, account, 410)
    assert everything(app) == before
    assert all("There is a newer link" in page for page in said)


def revoke(app, world, admin) -> None:
    with app.app_context():
        sam = accounts.user_with(world.sam)
        service.revoke(world.northwind, admin.link().id, sam.id)


def test_a_revoked_link_can_do_nothing(app, world, admin, account):
    admin.consent()
    revoke(app, world, admin)
    before = everything(app)
    said = try_everything(app, admin.path, account, 410)
    assert everything(app) == before
    assert all("This link was revoked" in page for page in said)


def test_an_unknown_link_can_do_nothing(app, world, account):
    before = everything(app)
    try_everything(app, "/onboarding/" + "x" * 43, account, 404)
    assert everything(app) == before


@pytest.mark.parametrize("way", ["revoked", "superseded"])
def test_a_credential_on_trial_ends_with_its_link(app, world, admin, account, site, work, way):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    if way == "revoked":
        revoke(app, world, admin)
    else:
        admin.get_link()
    work()
    connection = admin.connection()
    assert connection.connected_at is None
    assert connection.encrypted_pending_secret is None
    assert account.subscriptions() == []


def test_a_link_revoked_in_the_middle_of_a_trial_does_not_connect(
    app, world, admin, account, site, work, monkeypatch
):
    from eqsr.connections import signing_keys

    credential, sign = account.credential(), signing_keys.ensure_signing_key
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)

    def revoked_meanwhile(*facts):
        sam = accounts.user_with(world.sam)
        link = db.session.scalar(select(OnboardingLink))
        service.revoke(world.northwind, link.id, sam.id)
        return sign(*facts)

    monkeypatch.setattr(signing_keys, "ensure_signing_key", revoked_meanwhile)
    work()
    assert admin.connection().connected_at is None
    assert admin.link().connected_at is None
    assert admin.get().status_code == 410


def test_keys_sent_while_the_trial_ends_are_refused(app, world, admin, account, site, work):
    """The other tab: connected, and not yet written on the link."""
    first, second = account.credential(), account.credential()
    admin.connect(first, work)
    with app.app_context(), transaction() as session:
        session.execute(OnboardingLink.__table__.update().values(connected_at=None))
    answer = admin.enter(second.client_id, second.client_secret)
    assert answer.status_code == 410
    work()
    assert admin.connection().client_id == first.client_id


def test_a_link_from_before_an_admin_connected_can_do_nothing(
    app, world, admin, account, site, work
):
    theirs = account.credential()
    alice, page = world.log_in(world.alice), "/connection/reconnect"
    form = {"client_id": theirs.client_id, "client_secret": theirs.client_secret}
    alice.post(page, data={"csrf_token": csrf(alice, page), **form})
    work()
    before = everything(app)
    said = try_everything(app, admin.path, account, 410)
    work()
    assert everything(app) == before
    assert all("This link has done its work" in page for page in said)
