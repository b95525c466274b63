"""Reading what mail servers report back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eqsr.mail import bounces
from eqsr.mail.bounces import MAX_BYTES
from eqsr.mail.faults import Fault
from tests.mail.reports import holiday_reply, report

OURS = "<0b7f4f0e-7a53-4f0e-9a52-2f57ab1f4d11@equalture.example>"


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_names_our_mail_and_the_reason(returned):
    found = bounces.read(report(OURS, returned=returned))
    assert found.message_id == OURS
    assert found.permanent
    assert found.code == "5.1.1"
    assert found.said == "550 5.1.1 <ada@example.org>: user unknown"
    assert found.reason == "There is no such mailbox at this address."


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.2", "The part of the address after the @ does not exist."),
        ("5.1.10", "The part of the address after the @ takes no mail."),
        ("5.1.99", "The address does not work."),
        ("5.2.2", "The mailbox is full."),
        ("5.4.4", "No mail server was found for this address."),
        ("5.7.26", "The mail server refuses our mail by its own rules."),
        ("5.0.0", "The mail server gave no clear reason."),
    ],
)
def test_reasons_are_told_in_plain_words(status, reason):
    assert bounces.read(report(OURS, status=status, said="")).reason == reason


def test_what_may_still_arrive_is_not_permanent():
    found = bounces.read(report(OURS, action="delayed", status="4.4.1"))
    assert (found.permanent, found.fault) == (False, Fault.PASSING)


def test_what_was_given_up_is_permanent_though_its_last_answer_was_a_passing_one():
    found = bounces.read(report(OURS, action="failed", status="4.4.7", said="smtp; 451 later"))
    assert (found.permanent, found.code, found.fault) == (True, "4.4.7", Fault.RECIPIENT)


@pytest.mark.parametrize(
    ("status", "said", "fault", "reason"),
    [
        ("5.1.1", "smtp; 550 5.1.1 user unknown", Fault.RECIPIENT, "no such mailbox"),
        # Exim says 5.0.0, whatever the other server said.
        ("5.0.0", "smtp; 550-5.1.1 There is no such account", Fault.RECIPIENT, "no such mailbox"),
        ("5.0.0", "smtp; 550 5.7.26 unauthenticated", Fault.US, "by its own rules"),
        ("5.7.1", "smtp; 554 5.7.1 blocked using Spamhaus", Fault.US, "by its own rules"),
        ("5.6.0", "smtp; 554 5.6.0 bad content", Fault.CONTENT, "content"),
    ],
)
def test_a_report_tells_whose_fault_it_is(status, said, fault, reason):
    found = bounces.read(report(OURS, status=status, said=said))
    assert found.fault is fault
    assert reason in found.reason


@pytest.mark.parametrize(
    "message",
    [
        report(OURS, action="delivered", status="2.0.0"),
        report(OURS, action="relayed", status="2.1.9"),
        report(OURS, action="expanded", status="5.1.1"),
        report(OURS, status="nonsense"),
        report(OURS, returned="text/plain"),
        report("without brackets"),
        holiday_reply(OURS),
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n",
    ],
    ids=range(10),
)
def test_anything_else_is_no_report(message):
    assert bounces.read(message) is None


def test_only_the_beginning_of_a_huge_message_is_read():
    whole = report(OURS, returned="message/rfc822")
    assert bounces.read(whole + b"x" * MAX_BYTES * 4).message_id == OURS


@given(st.binary(max_size=300), st.integers(0, 2000), st.integers(0, 400))
@example(b"Content-Type: message/delivery-status\r\n\r\n", 0, 0)
def test_no_message_breaks_it(junk, at, cut):
    whole = report(OURS)
    bounces.read(junk)
    bounces.read(whole[:at] + junk + whole[at + cut :])
