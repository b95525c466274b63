"""The connection is cut after SmartRecruiters did the write, at each write of the product: what is
shown is there once, whether SmartRecruiters answers as documented or as was assumed before."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from eqsr.connections import service
from eqsr.connections.models import ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs.models import Job
from eqsr.outbox.models import WorkState
from eqsr.results.models import WriteBackState
from eqsr.results.queries import change
from tests.extras.privacy.marked import Marked
from tests.results.attachments import files, switch
from tests.services.processes import eventually

# Before the first byte of the answer, or in the middle of it.
KINDS = {"documented": "reset", "assumed": "cut"}
TAGS = ["Equalture invited", "Equalture completed"]
POST_NOTE = ("POST", "/messages/shares")


@pytest.fixture(params=KINDS)
def shown(request, results_of, no_limits):
    results_of.story.box.post("settings", {"answers": request.param})
    switch(results_of)
    return results_of


def cut(shown, method, path):
    """Once, after the write was done."""
    kind = KINDS[shown.story.box.get("state")["settings"]["answers"]]
    match = {"method": method, "path": path}
    shown.story.box.post("faults", {"kind": kind, "match": match, "times": 1})


def go_on(shown):
    """The work is tried again until there is none left."""
    for _ in range(3):
        shown.story.work.hurry()
        shown.story.work()
    assert all(fault["hits"] for fault in shown.story.box.get("faults")), "nothing was cut"
    states = {row.state for row in shown.story.work.rows()}
    assert states == {WorkState.DONE}


def rename(shown, title):
    with shown.story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(title=title))


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/candidates/*/tags"), POST_NOTE, ("POST", "/candidates/*/attachments")],
)
def test_writing(shown, method, path):
    ada = shown.invited()
    invitation = shown.takes(ada)
    cut(shown, method, path)
    go_on(shown)
    assert shown.tags(ada) == TAGS
    assert len(shown.notes(ada)) == len(files(shown, ada)) == 1
    assert shown.write_back(invitation).state is WriteBackState.DONE
    shown.want(invitation)
    go_on(shown)
    assert len(shown.notes(ada)) == len(files(shown, ada)) == 1


def test_tagging_who_is_invited(shown):
    cut(shown, "POST", "/candidates/*/tags")
    ada = shown.invited()
    go_on(shown)
    assert shown.tags(ada) == TAGS[:1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/messages/shares/*"),
        POST_NOTE,
        ("DELETE", "/candidates/attachments/*"),
        ("POST", "/candidates/*/attachments"),
    ],
)
def test_replacing(shown, method, path):
    ada = shown.invited()
    invitation = shown.takes(ada)
    go_on(shown)
    rename(shown, "Backend developers")
    cut(shown, method, path)
    shown.want(invitation)
    go_on(shown)
    (note,) = shown.notes(ada)
    assert "for Backend developers" in note
    assert len(files(shown, ada)) == 1
    # A note whose id was lost can't be replaced, and must not be joined by a second one.
    rename(shown, "Gardeners")
    shown.want(invitation)
    go_on(shown)
    (note,) = shown.notes(ada)
    lost = (method, path) == POST_NOTE
    assert ("for Backend developers" if lost else "for Gardeners") in note
    assert len(files(shown, ada)) == 1


@pytest.mark.parametrize("path", ["/messages/shares/*", "/candidates/attachments/*"])
def test_withdrawing(shown, path):
    marked = Marked(shown)
    shown.story.work.settle()
    cut(shown, "DELETE", path)
    assert marked.erase().status_code == 303
    go_on(shown)
    assert shown.notes(marked.candidate) == []
    assert files(shown, marked.candidate) == []


def test_the_same_words_of_another_invitation_are_not_taken_for_a_lost_note(shown):
    """Two jobs of one title assess one person alike: a note posted earlier is the other one's."""
    ada = shown.invited()
    invitation = shown.takes(ada)
    go_on(shown)
    written = shown.write_back(invitation)
    with shown.story.world.app.app_context():
        change(written.id, note_id=None, posting_at=now() + timedelta(hours=1))
    shown.want(invitation)
    go_on(shown)
    assert len(shown.notes(ada)) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/identity/oauth/token"),
        ("POST", "/candidates/*/tags"),
        ("POST", "/messages/shares"),
        ("DELETE", "/messages/shares/*"),
        ("POST", "/candidates/*/attachments"),
        ("POST", "/webhooks-api/v201907/subscriptions"),
        ("POST", "*/secret-key"),
        ("PUT", "*/activation"),
    ],
)
def test_connecting(admin, account, site, work, method, path):
    credential = account.credential()
    account.fault("reset", path, method, times=1)
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)

    def through() -> bool:
        work.hurry()
        work()
        return "SmartRecruiters is connected." in admin.text("/check")

    assert eventually(through)
    account.no_faults()
    [subscription] = account.subscriptions()
    assert subscription["status"] == "active"
    assert admin.connection().state is ConnectionState.ACTIVE


def test_disconnecting(app, admin, account, site, work):
    admin.connect(account.credential(), work)
    account.fault("reset", "/webhooks-api/*", "DELETE", times=1)
    with app.app_context():
        service.disconnect(admin.connection().id, None, "Alice")
    for _ in range(3):
        work()
        work.hurry()
    account.no_faults()
    assert account.subscriptions() == []
    assert admin.connection().encrypted_client_secret is None


def test_replacing_the_key(app, admin, account, site, work):
    admin.connect(account.credential(), work)
    account.fault("reset", "*/secret-key", "POST", times=1)
    with app.app_context():
        service.request_key(admin.connection().id)
        db.session.remove()
    for _ in range(3):
        work()
        work.hurry()
    account.no_faults()
    [subscription] = account.subscriptions()
    with app.app_context():
        keys = service.live_keys(service.of(admin.organisation_id))
        db.session.remove()
    # The key whose answer was lost signs too, beside the one that we know.
    assert keys
    assert subscription["status"] == "active"
