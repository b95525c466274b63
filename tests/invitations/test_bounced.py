"""Mails that come back, by a mailbox or by a mail server's pipe."""

import dataclasses
import re
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import handlers, progress
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.mail import returns
from eqsr.mail.mailbox import Place
from eqsr.mail.models import Mail, MailState
from tests.mail.reports import holiday_reply, report
from tests.page_text import text_of
from tests.services.imap import imap_server
from tests.services.processes import ROOT


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory):
    with imap_server(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture(autouse=True)
def _reads_it(app, request, monkeypatch):
    """The installation reads this mailbox, where a test has one."""
    monkeypatch.setattr(handlers, "_read_to", Place())
    if "mailbox" in request.fixturenames:
        url = request.getfixturevalue("mailbox").url
        read_at(monkeypatch, app, url)


def read_at(monkeypatch, app, url: str) -> None:
    """Let the installation read the mailbox there."""
    changed = dataclasses.replace(app.extensions["eqsr.settings"], bounces_url=url)
    monkeypatch.setitem(app.extensions, "eqsr.settings", changed)


@pytest.fixture
def message_id(story, invited) -> str:
    (mail,) = story.mails()
    return mail["message_id"]


def look(story):
    """The worker looks into the mailbox."""
    with story.world.app.app_context():
        handlers.look_for_bounces()
    story.work()


def test_a_mail_that_came_back_makes_the_invitation_undeliverable(
    story, message_id, mailbox, bob, invited
):
    mailbox.receives(report(message_id))
    look(story)
    (invitation,) = story.invitations()
    assert invitation.state is State.UNDELIVERABLE
    assert invitation.problem == "There is no such mailbox at this address."
    told = "A mail to ada@example.org came back: There is no such mailbox at this address."
    assert told in story.activity()
    assert mailbox.holds() == []
    candidate = text_of(bob.sees(f"/candidates/{invitation.application.candidate_id}"))
    assert "The invitation did not reach ada@example.org" in candidate
    assert told in candidate
    page = text_of(bob.sees(f"/invitations/{invited}"))
    assert "A mail did not reach ada@example.org" in page


def test_a_corrected_address_is_mailed_after_that(story, message_id, mailbox, bob, invited):
    mailbox.receives(report(message_id))
    look(story)
    bob.presses(f"/invitations/{invited}/address", email="ada@right.example")
    story.work()
    (invitation,) = story.invitations()
    assert invitation.state is State.SENT
    assert len(story.mails("ada@right.example")) == 1


def test_a_delay_is_told_and_changes_nothing(story, message_id, mailbox):
    mailbox.receives(report(message_id, action="delayed", status="4.4.1"))
    look(story)
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.problem) == (State.SENT, None)
    assert story.activity()[-1] == (
        "A mail to ada@example.org is delayed; the mail server tries again: "
        "The mail server of this address does not answer."
    )


def test_what_is_no_report_of_ours_is_left_as_it_was(story, message_id, mailbox):
    forged = report("<0b7f4f0e-7a53-4f0e-9a52-2f57ab1f4d11@equalture.example>")
    mailbox.receives(forged)
    mailbox.receives(holiday_reply(message_id))
    before = story.activity()
    look(story)
    look(story)
    (invitation,) = story.invitations()
    assert invitation.state is State.SENT
    assert story.activity() == before
    assert len(mailbox.holds()) == mailbox.unread() == 2


def test_it_is_told_once_however_often_it_comes(story, message_id, mailbox):
    mailbox.receives(report(message_id))
    look(story)
    mailbox.receives(report(message_id))
    look(story)
    assert len([line for line in story.activity() if "came back" in line]) == 1
    assert not any(b"dsn-" in one and message_id.encode() in one for one in mailbox.holds())


@pytest.mark.parametrize("visit", ["fetched", "opened"])
def test_a_visit_to_the_link_hides_no_bounce(story, message_id, mailbox, client, bob, visit):
    """A mail scanner fetches every link twice, and may run scripts; then the mail comes back."""
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    for _look in range(2):
        assert client.get(link).status_code == 200
    if visit == "opened":
        assert client.post(f"{link}/opened").status_code == 204
    mailbox.receives(report(message_id))
    look(story)
    (invitation,) = story.invitations()
    assert invitation.state is State.UNDELIVERABLE
    assert invitation.problem == "There is no such mailbox at this address."
    assert "1 invitation could not be delivered. Correct its address." in text_of(bob.sees("/jobs"))
    client.post(f"{link}/opened")
    assert story.invitations()[0].state is State.UNDELIVERABLE
    (ada,) = story.box.get(f"companies/{story.company}/candidates")
    new = {"email": "ada@right.example"}
    story.box.post(f"companies/{story.company}/candidates/{ada['id']}", new)
    story.told()
    story.work()
    (invitation,) = story.invitations()
    assert (invitation.state, invitation.email) == (State.SENT, "ada@right.example")
    assert invitation.opened_at is None, "nobody has seen the new link"


def test_a_corrected_address_that_fails_is_told_though_the_link_was_opened(
    story, message_id, client, bob, invited
):
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    client.post(f"{link}/opened")
    story.box.post("faults", {"kind": "smtp_5xx", "match": {"address": "typo@example.org"}})
    bob.presses(f"/invitations/{invited}/address", email="typo@example.org")
    story.work()
    assert story.invitations()[0].state is State.UNDELIVERABLE


def test_a_mail_that_waits_again_is_sent_though_the_link_was_opened(
    story, message_id, mailbox, client
):
    """The server rejected us as a sender; the mail must not be taken for unwanted."""
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    client.post(f"{link}/opened")
    mailbox.receives(report(message_id, status="5.7.1", said="550 5.7.1 blocked by reputation"))
    look(story)
    assert story.invitations()[0].state in (State.QUEUED, State.OPENED)
    with time_machine.travel(now() + timedelta(days=1)):
        story.work()
    assert story.invitations()[0].state is State.OPENED
    assert len(story.mails()) == 2


def test_an_extension_of_what_never_arrived_is_no_opened_invitation(
    story, message_id, mailbox, client, bob, invited
):
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    client.post(f"{link}/opened")
    mailbox.receives(report(message_id))
    look(story)
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Invitation).values(expires_at=now() - timedelta(minutes=1)))
    with story.world.app.app_context():
        assert progress.expire_due() == 1
    bob.presses(f"/invitations/{invited}/extend", until=f"{now() + timedelta(days=9):%Y-%m-%d}")
    assert story.invitations()[0].state is State.UNDELIVERABLE


def test_somebody_who_started_is_not_set_back(story, message_id, mailbox, client):
    link = re.search(r"/take/\S+", story.mails()[0]["text"])[0]
    assert client.post(f"{link}/start").status_code == 302
    mailbox.receives(report(message_id))
    look(story)
    (invitation,) = story.invitations()
    assert invitation.state is State.STARTED
    assert "came back" in story.activity()[-1]


def test_a_mailbox_that_is_away_is_looked_at_again_later(story, message_id, monkeypatch):
    read_at(monkeypatch, story.world.app, "imap://a:b@127.0.0.1:9/INBOX")
    look(story)
    (row,) = story.work.rows("read_bounces")
    assert row.state.value == "done"


def test_without_a_mailbox_nobody_looks(story, message_id):
    look(story)
    assert story.work.rows("read_bounces") == []


def test_a_mail_of_a_newer_release_goes_out_again_by_its_own_kind(story, message_id):
    """After a rollback it waits for a worker that knows the kind."""
    with story.world.app.app_context():
        with transaction() as session:
            session.execute(update(Mail).values(kind="of_a_newer_release"))
        mail = returns.by_message_id(message_id)
        assert returns.returned(mail, "blocked")
        mail_id = mail.id
    assert [row.subject_id for row in story.work.rows("of_a_newer_release")] == [mail_id]


def test_a_mail_server_can_pipe_it_in(story, message_id, app):
    settings = app.extensions["eqsr.settings"]
    given = {
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "ENCRYPTION_KEYS": settings.encryption_keys[0],
        "SECRET_KEY": settings.secret_key,
        "REDIS_URL": settings.redis_url,
        "PATH": "/usr/bin",
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "mail", "bounce"]

    def pipe(message: bytes):
        return subprocess.run(
            command, input=message, capture_output=True, cwd=ROOT, env=given, timeout=300
        )

    assert pipe(b"\xff\xfe nonsense").stdout == b"not ours\n"
    done = pipe(report(message_id, status="5.2.2", said=""))
    assert (done.returncode, done.stdout) == (0, b"bounced\n"), done.stderr
    assert pipe(report(message_id)).stdout == b"known\n"
    (invitation,) = story.invitations()
    assert invitation.problem == "The mailbox is full."
    with app.app_context():
        assert (
            db.session.scalar(select(Mail.state).where(Mail.message_id == message_id))
            is MailState.BOUNCED
        )
