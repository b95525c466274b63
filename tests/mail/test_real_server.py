"""Through a real mail server and back: Exim between us and the sandbox's mailbox."""

import dataclasses
import os
from collections.abc import Iterator

import pytest

from eqsr.accounts.models import Organisation
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState as State
from eqsr.mail import pause_probes, server_pause
from tests.invitations.conftest import Recruiter
from tests.mail.server import Scriptable, scriptable
from tests.services.exim import FAR, Exim, exim, find_exim
from tests.services.processes import eventually

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.skipif(
        find_exim() is None and os.environ.get("REQUIRE_EXIM") != "1",
        reason="there is no exim4 here (Debian: exim4-daemon-light)",
    ),
]
NAME = "Northwind Traders of the North, the South, and Elsewhere, Incorporated Ünlimited"


@pytest.fixture
def far() -> Iterator[Scriptable]:
    with scriptable() as running:
        yield running


@pytest.fixture
def real(box, far, app, monkeypatch) -> Iterator[Exim]:
    with exim(box.mail_url, far.url) as server:
        settings = dataclasses.replace(app.extensions["eqsr.settings"], mail_url=server.url)
        monkeypatch.setitem(app.extensions, "eqsr.settings", settings)
        yield server


@pytest.fixture
def tale(real, story):
    """The story, of an organisation with a name that is hard to write."""
    with story.world.app.app_context(), transaction() as session:
        found = session.get_one(Organisation, story.world.northwind)
        found.name, found.contact_email = NAME, "hiring@northwind.example"
    return story


def invited(tale, address: str) -> dict:
    ada = tale.applies(address)
    tale.moves(ada)
    tale.work()
    return ada


def arrives(tale, address: str, number: int = 1) -> list[dict]:
    found = lambda: tale.mails(address)  # noqa: E731
    assert eventually(lambda: len(found()) >= number), found()
    return found()


def comes_back(tale, real: Exim) -> str:
    """The bounce, as the mail server's pipe gives it to us."""
    assert eventually(real.bounces), real.log()
    (raw,) = real.bounces()
    done = tale.world.app.test_cli_runner().invoke(args=["mail", "bounce"], input=raw)
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_every_mail_of_the_story_arrives_as_it_was_meant(tale, real):
    addresses = ["ada@example.org", "o'neil+x@example.org", "ida@bücher.example"]
    for address in addresses:
        invited(tale, address)
    bob = Recruiter(tale)
    bob.presses(f"/invitations/{tale.invitations()[0].id}/resend")
    tale.work()
    arrives(tale, addresses[0], 2)
    arrives(tale, addresses[1])
    arrives(tale, "ida@xn--bcher-kva.example")
    for mail in tale.mails():
        heads = [(name.lower(), value) for name, value in mail["headers"]]
        senders = [value for name, value in heads if name == "from"]
        assert len(senders) == 1 and senders[0].endswith("<no-reply@equalture.example>")
        # The sandbox reads with Python, which puts a blank between two encoded words.
        assert NAME in senders[0].replace(" ,", ",")
        assert ("reply-to", "hiring@northwind.example") in heads
        assert "Questions? Write to hiring@northwind.example" in mail["text"]
        assert "mailto:hiring%40northwind.example" in mail["html"] or (
            "mailto:hiring@northwind.example" in mail["html"]
        )
        assert NAME in mail["subject"] and "/take/" in mail["text"]
    assert {one.state for one in tale.invitations()} == {State.SENT}


def test_letters_that_are_not_ascii_before_the_at_go_by_smtputf8(tale, real):
    invited(tale, "jürgen@example.org")
    arrives(tale, "jürgen@example.org")


def test_a_mail_to_nobody_comes_back_and_the_recruiter_is_told(tale, real, far):
    far.answers["rcpt"] = "550-5.1.1 The account that you tried to reach\r\n550 5.1.1 is not here"
    invited(tale, f"ada@{FAR}")
    assert comes_back(tale, real) == "bounced"
    (invitation,) = tale.invitations()
    assert (invitation.state, invitation.fault) == (State.UNDELIVERABLE, "recipient")
    assert invitation.problem == "There is no such mailbox at this address."
    assert "Correct its address" in Recruiter(tale).sees("/jobs")


def test_a_mail_that_comes_back_for_our_sake_blames_nobody_and_goes_again(tale, real, far):
    far.answers["rcpt"] = "550 5.7.26 This mail is unauthenticated"
    invited(tale, f"ada@{FAR}")
    assert comes_back(tale, real) == "returned"
    (invitation,) = tale.invitations()
    assert (invitation.state, invitation.problem) == (State.QUEUED, None)
    assert "Correct" not in Recruiter(tale).sees("/jobs")
    # The same report once more changes nothing.
    assert comes_back(tale, real) == "known"
    assert tale.invitations()[0].state is State.QUEUED
    far.answers.clear()
    tale.work.hurry()
    tale.work()
    assert eventually(lambda: far.taken), real.log()
    assert tale.invitations()[0].state is State.SENT


def test_mails_wait_while_it_is_down(tale, real):
    real.stop()
    invited(tale, "ada@example.org")
    with tale.world.app.app_context():
        assert not server_pause.current().ours and pause_probes.waiting() == 1
        db.session.remove()
    assert "takes none of our email just now" in Recruiter(tale).sees("/jobs")
    real.start()
    tale.work.hurry()
    tale.work()
    arrives(tale, "ada@example.org")
    assert "takes none of our email just now" not in Recruiter(tale).sees("/jobs")
