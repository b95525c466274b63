"""What a message looks like on the wire."""

import pytest

from eqsr.mail.compose import Email

STOP = "https://assessments.a-customer-with-a-long-name.example.com/reminders/" + 43 * "A"


def on_the_wire(international: bool = False, **facts) -> list[str]:
    letter = Email("Reminder: é" + 90 * "x", "Hello", "<p>Hello</p>", "Nörthwind, GmbH", **facts)
    message = letter.message("no-reply@equalture.example", "ada@example.org", "<1@example.org>")
    # As smtplib does it.
    policy = message.policy.clone(linesep="\r\n", utf8=international)
    return message.as_bytes(policy=policy).decode().split("\r\n")


@pytest.mark.parametrize("international", [False, True])
def test_mail_programs_can_read_where_to_unsubscribe(international):
    lines = on_the_wire(international, unsubscribe_url=STOP)
    assert f"List-Unsubscribe: <{STOP}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_whatever_is_no_reminder_has_nothing_to_unsubscribe_from():
    assert not any("Unsubscribe" in line for line in on_the_wire())
