"""What goes over the wire, and what a mail server's answers become."""

import dataclasses
import email
from email.utils import getaddresses

import pytest

from eqsr.mail import smtp, smtp_errors
from eqsr.mail.compose import Email
from eqsr.mail.faults import Fault
from tests.mail.server import Scriptable, scriptable

FROM = "Equalture <no-reply@equalture.example>"
MESSAGE_ID = "<0b7f4f0e-7a53-4f0e-9a52-2f57ab1f4d11@equalture.example>"


@pytest.fixture
def server():
    with scriptable() as running:
        yield running


def send(settings, server: Scriptable, to: str = "ada@example.org", text: str = "Hello") -> None:
    letter = Email("Your next step", text, f"<p>{text}</p>", "Northwind")
    message = letter.message(FROM, to, MESSAGE_ID)
    smtp.send(dataclasses.replace(settings, mail_url=server.url), message)


@pytest.mark.parametrize(
    ("answers", "ours"),
    [
        ({"hello": "554 we take no mail from you"}, True),
        ({"ehlo": "550 who?", "helo": "550 who?"}, True),
        ({"mail": "553 this sender may not"}, True),
        ({"mail": "530 log in first"}, True),
        ({"rcpt": "550 5.4.5 Daily user sending limit exceeded."}, True),
        ({"rcpt": "554 5.7.1 Relay access denied"}, True),
        ({"data": "554 5.7.1 Client host blocked using Spamhaus"}, True),
        ({"end": "554 Message rejected: Email address is not verified."}, True),
        ({"mail": "451 later"}, False),
        ({"rcpt": "421 4.7.0 closing"}, False),
        ({"hello": "421 busy"}, False),
    ],
)
def test_no_recipient_is_to_blame_for_what_the_server_has_against_us(
    settings, server, answers, ours
):
    server.answers |= answers
    with pytest.raises(smtp_errors.Unwelcome) as caught:
        send(settings, server)
    assert caught.value.ours is ours


@pytest.mark.parametrize("answers", [{"rcpt": "451 later"}, {"end": "451 4.7.1 Greylisted"}])
def test_what_passes_is_about_this_mail_alone(settings, server, answers):
    server.answers |= answers
    with pytest.raises(smtp_errors.MailServerUnavailable) as caught:
        send(settings, server)
    assert not isinstance(caught.value, smtp_errors.Unwelcome)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"rcpt": "550 nobody here"}, Fault.RECIPIENT),
        ({"rcpt": "556 5.1.10 Recipient address has null MX"}, Fault.RECIPIENT),
        ({"end": "554 not this"}, Fault.CONTENT),
        ({"end": "552 5.3.4 Message too big"}, Fault.CONTENT),
    ],
)
def test_what_a_server_will_never_take(settings, server, answers, fault):
    server.answers |= answers
    with pytest.raises(smtp_errors.MailRefused) as caught:
        send(settings, server)
    assert caught.value.fault is fault


def test_nobody_there_is_nobodys_fault(settings):
    gone = Scriptable("smtp://127.0.0.1:1")
    with pytest.raises(smtp_errors.Unwelcome) as caught:
        send(settings, gone)
    assert not caught.value.ours


def test_an_international_domain_goes_in_ascii_to_a_server_without_smtputf8(settings, server):
    send(settings, server, "ada@bücher.example")
    (taken,) = server.taken
    assert taken.recipient == "ada@xn--bcher-kva.example"
    assert b"To: ada@xn--bcher-kva.example\r\n" in taken.wire


def test_a_local_part_with_other_letters_needs_smtputf8(settings, server):
    with pytest.raises(smtp_errors.MailRefused, match="before the @") as caught:
        send(settings, server, "jürgen@bücher.example")
    assert caught.value.fault is Fault.RECIPIENT and not server.taken
    server.extensions = ["SMTPUTF8", "8BITMIME"]
    send(settings, server, "jürgen@bücher.example")
    assert server.taken[0].recipient == "jürgen@xn--bcher-kva.example"
    assert "jürgen@xn--bcher-kva.example".encode() in server.taken[0].wire
    begun = [line for line in server.lines if line.lower().startswith("mail from")]
    assert "SMTPUTF8" in begun[-1]


@pytest.mark.parametrize("to", ["o'neil+j/x=y@example.org", "Ada.Jansen@Example.ORG", "a@b.nl"])
def test_odd_but_right_addresses_go_as_they_are(settings, server, to):
    send(settings, server, to)
    assert server.taken[0].recipient == to


def test_everything_is_in_seven_bits_and_short_lines(settings, server):
    send(settings, server, text="Zwölf Größen. " + "é" * 3000 + "\n.\n..\nend")
    (taken,) = server.taken
    assert taken.wire.isascii()
    assert max(map(len, taken.wire.split(b"\r\n"))) <= 998
    parts = email.message_from_bytes(taken.wire).walk()
    texts = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]
    assert all("Zwölf Größen" in text and "é" * 3000 in text for text in texts)
    assert "\n.\n..\nend" in texts[0].replace("\r", "")
    assert getaddresses([email.message_from_bytes(taken.wire)["From"].replace("\r\n", "")]) == [
        ("Northwind", "no-reply@equalture.example")
    ]
