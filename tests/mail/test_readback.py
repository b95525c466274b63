"""What is written is what a reader sees."""

import email
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.core.invisible import clean_name
from eqsr.mail import compose, readback
from eqsr.mail.compose import Email
from eqsr.mail.readback import ExpectedHeaders

FROM = "Equalture <no-reply@equalture.example>"
MESSAGE_ID = f"<{'m' * 90}@equalture.example>"
NAMES = [
    "Northwind",
    "Aaaa, Bbbbbbbbbbbbbbbbbbbbbb, and Ccccccccccccccccccccccccc Ddddddddddddddddd Eeee",
    'Says "Hi", \\ and <odd> (comment); [x]: y',
    "Ünï, Co & Søns GmbH",
    "株式会社" * 20,
    "👩‍💻 Rockets, 🚀 & Co " * 4,
    "someone@else.example",
    "=?utf-8?q?evil?=",
    "x" * 200,
    "A, " * 60 + "B",
    "Eve <eve@evil.example>, x",
    "",
]


def read(letter: Email, to: str = "ada@example.org"):
    wire = bytes(letter.message(FROM, to, MESSAGE_ID))
    return wire, email.message_from_bytes(wire, policy=compat32)


def plain(value: str) -> str:
    return str(make_header(decode_header(str(value).replace("\n", ""))))


@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_sender_and_it_is_ours(name):
    wire, message = read(Email("Hello", "x", "x", name or None))
    (sender,) = getaddresses([str(one).replace("\n", "") for one in message.get_all("From")])
    assert sender[1] == "no-reply@equalture.example"
    shown = plain(sender[0]) if sender[0] else ""
    expected = clean_name(name).replace("=?", "= ?") or "Equalture"
    assert shown == expected
    assert message["To"] == "ada@example.org" and wire.isascii()


@pytest.mark.parametrize(
    "subject",
    ["x" * 300, "Ä" * 150, "词" * 200, "🚀 go  " * 30, "a\r\nBcc: x@y.zz", "=?utf-8?q?evil?= x"]
    + [f"Ünï {'w' * number} {'v' * number} ü" for number in range(20, 90, 3)],
)
def test_subjects_and_identifiers_come_through(subject):
    subject = clean_name(subject)
    url = "https://assess.example.org/reminders/" + "t" * 200
    letter = Email(subject, "x", "x", "Northwind", url, "contact@bücher.example")
    wire, message = read(letter)
    assert plain(message["Subject"]) == subject.replace("=?", "= ?")
    assert message["Message-ID"] == MESSAGE_ID and message["Bcc"] is None
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert message["Reply-To"] == "contact@xn--bcher-kva.example"
    assert all(len(line) <= 998 for line in wire.splitlines())


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.text(st.characters(codec="utf-8")))
def test_no_name_or_subject_makes_another_sender(name, subject):
    _wire, message = read(Email(clean_name(subject), "x", "x", name))
    (sender,) = getaddresses([str(one).replace("\n", "") for one in message.get_all("From")])
    assert sender[1] == "no-reply@equalture.example"


def test_a_name_that_a_library_breaks_is_left_out_rather_than_sent(monkeypatch):
    monkeypatch.setattr(compose.headers, "policy_for", lambda _to: email.policy.default)
    commas = Email("Hello", "x", "x", NAMES[1])
    _wire, message = read(commas)
    people = getaddresses([str(one).replace("\n", "") for one in message.get_all("From")])
    # Later Pythons write the name as it is.
    assert [address for _name, address in people] == ["no-reply@equalture.example"]


@pytest.mark.parametrize(
    ("header", "wire"),
    [
        ("From", b"From: A, B <no-reply@x.example>\nTo: a@b.example\n"),
        ("From", b"From: N <eve@x.example>\nTo: a@b.example\n"),
        ("From", b"From: N <no-reply@x.example>\nFrom: M <m@x.example>\nTo: a@b.example\n"),
        ("To", b"From: N <no-reply@x.example>\nTo: a@b.example, c@d.example\n"),
        ("Reply-To", b"From: N <no-reply@x.example>\nTo: a@b.example\nReply-To: e@e.example\n"),
        ("Subject", b"From: N <no-reply@x.example>\nTo: a@b.example\nSubject: other\n"),
    ],
)
def test_what_differs_is_named(header, wire):
    wanted = ExpectedHeaders("N", "no-reply@x.example", "a@b.example", "s", "<m@x.example>")
    assert readback.differs(wire + b"\nbody", wanted) == header
