"""Whose fault is it? Answers as mail servers of the wild write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.mail.faults import Fault, SmtpStage
from eqsr.mail.sorting import sort, sort_report

RECIPIENT, CONTENT, US, PASSING = Fault.RECIPIENT, Fault.CONTENT, Fault.US, Fault.PASSING
CONNECT, HELLO, LOGIN, SENDER = (
    SmtpStage.CONNECT,
    SmtpStage.HELLO,
    SmtpStage.LOGIN,
    SmtpStage.SENDER,
)
RCPT, DATA = SmtpStage.RECIPIENT, SmtpStage.DATA


@pytest.mark.parametrize(
    ("stage", "code", "text", "fault"),
    [
        # Google
        (RCPT, 550, "5.1.1 The email account that you tried to reach does not exist.", RECIPIENT),
        (RCPT, 550, "5.2.1 The email account that you tried to reach is inactive.", RECIPIENT),
        (RCPT, 550, "5.4.5 Daily user sending limit exceeded.", US),
        (DATA, 550, "5.4.5 Daily SMTP relay sending limit exceeded for user.", US),
        (DATA, 550, "5.7.26 This mail has been blocked because the sender is unauthenticated", US),
        (DATA, 550, "5.7.1 The user or domain that you are sending to (or from) has a policy", US),
        (RCPT, 550, "5.7.1 Email quota exceeded for the sending domain.", US),
        (DATA, 552, "5.2.3 Your message exceeded Google's message size limits.", CONTENT),
        (DATA, 552, "5.7.0 This message was blocked because its content presents a risk", US),
        (RCPT, 452, "4.2.2 The email account that you tried to reach is over quota.", PASSING),
        (RCPT, 450, "4.2.1 The user is receiving mail at a rate that prevents delivery", PASSING),
        (DATA, 421, "4.7.0 Our system has detected an unusual rate of unsolicited mail", US),
        # Exchange Online
        (RCPT, 550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", RECIPIENT),
        (RCPT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; not found", RECIPIENT),
        (DATA, 550, "5.1.8 Access denied, bad outbound sender AS(42004)", US),
        (DATA, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", US),
        (DATA, 554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiException", US),
        (RCPT, 550, "5.7.708 Service unavailable. Access denied, traffic not accepted", US),
        (RCPT, 550, "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", RECIPIENT),
        (DATA, 554, "5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceeded", RECIPIENT),
        (RCPT, 451, "4.7.500 Server busy. Please try again later from [192.0.2.1]", PASSING),
        (SENDER, 530, "5.7.57 Client not authenticated to send mail", US),
        (RCPT, 550, "5.5.0 Requested action not taken: mailbox unavailable", RECIPIENT),
        # Senders for many: Amazon SES, SendGrid, Mailgun, Postmark, Brevo
        (DATA, 554, "Message rejected: Email address is not verified. The following", US),
        (RCPT, 454, "Throttling failure: Daily message quota exceeded.", US),
        (DATA, 451, "Authentication failed: Maximum credits exceeded", US),
        (DATA, 550, "The from address does not match a verified Sender Identity.", US),
        (
            RCPT,
            550,
            "5.7.1 Sandbox domains are for tests only; account not verified",
            US,
        ),
        (DATA, 550, "5.7.1 Your account is suspended, please contact support", US),
        (RCPT, 550, "Recipient is on the suppression list: address unknown", RECIPIENT),
        # Postfix, Exim, Sendmail, qmail, Dovecot
        (RCPT, 550, "5.1.1 <ada@x.org>: Recipient address rejected: User unknown", RECIPIENT),
        (RCPT, 554, "5.7.1 <ada@x.org>: Relay access denied", US),
        (
            RCPT,
            554,
            "5.7.1 Client host [192.0.2.9] blocked using Spamhaus",
            US,
        ),
        (RCPT, 450, "4.7.1 <ada@x.org>: Recipient address rejected: Greylisted", PASSING),
        (RCPT, 450, "4.1.2 <ada@x.org>: Recipient address rejected: Domain not found", PASSING),
        (RCPT, 553, "5.1.2 <ada@x.org>: Domain of recipient not found", RECIPIENT),
        (RCPT, 550, "relay not permitted", US),
        (RCPT, 550, "Unrouteable address", RECIPIENT),
        (RCPT, 550, "Sender verify failed", US),
        (RCPT, 550, "no mailbox here by that name. (#5.1.1)", RECIPIENT),
        (RCPT, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", US),
        (DATA, 552, "5.3.4 Message size exceeds fixed limit", CONTENT),
        (DATA, 554, "5.7.1 id=1-2, BANNED: contains a virus", CONTENT),
        (DATA, 550, "5.6.0 Data format error", CONTENT),
        (DATA, 550, "high-probability spam: this message scored 9", CONTENT),
        (RCPT, 452, "4.3.1 Insufficient system storage", PASSING),
        (RCPT, 452, "4.5.3 Too many recipients", PASSING),
        # Null MX (RFC 7505), RRVS (RFC 7293), SMTPUTF8 (RFC 6531), SPF and DKIM (RFC 7372)
        (RCPT, 556, "5.1.10 Recipient address has null MX", RECIPIENT),
        (SENDER, 550, "5.7.27 Sender address has null MX", US),
        (RCPT, 550, "5.7.27 Sender address has null MX", US),
        (RCPT, 550, "5.7.17 Mailbox owner has changed", RECIPIENT),
        (RCPT, 550, "5.6.7 Non-ASCII addresses not permitted", RECIPIENT),
        (DATA, 550, "5.7.20 No passing DKIM signature found", US),
        (DATA, 550, "5.7.25 Reverse DNS validation failed", US),
        # before there is a recipient
        (CONNECT, 554, "we take no mail from you", US),
        (HELLO, 550, "who?", US),
        (LOGIN, 535, "5.7.8 Username and Password not accepted", US),
        (LOGIN, 454, "4.7.0 Temporary authentication failure", PASSING),
        (SENDER, 553, "5.1.8 sender domain does not exist", US),
        (SENDER, 550, "5.1.1 user unknown", US),
        (CONNECT, 0, "", PASSING),
        (DATA, 0, "", PASSING),
        # odd ones
        (RCPT, 550, "", RECIPIENT),
        (DATA, 554, "", CONTENT),
        (RCPT, 571, "Delivery not authorized, message refused", US),
        (RCPT, 550, "Administrative prohibition", US),
        (RCPT, 554, "5.7.1 Access denied", US),
        (RCPT, 550, "Administrative prohibition: mailbox spam@x.org unknown user", RECIPIENT),
        (RCPT, 550, "<blocked@spamhaus.example>: no such user", RECIPIENT),
        (RCPT, 550, "5.1.1", RECIPIENT),
        (RCPT, 550, "5.99.99 ?", RECIPIENT),
        (RCPT, 550, "4.2.2 mailbox full", RECIPIENT),
        (RCPT, 399, "what", PASSING),
        (RCPT, -1, "no number at all", PASSING),
        (RCPT, 550, "Utilisateur inconnu é \udcff \0", RECIPIENT),
        (RCPT, 550, "our address is 10.5.1.1.2: unknown user", RECIPIENT),
    ],
)
def test_whose_fault(stage, code, text, fault):
    assert sort(stage, code, text).fault is fault


@pytest.mark.parametrize(
    ("stage", "code", "text", "everyone"),
    [
        (RCPT, 550, "5.4.5 Daily user sending limit exceeded.", True),
        (RCPT, 550, "5.1.1 user unknown", False),
        (DATA, 554, "5.6.0 no", False),
        (RCPT, 451, "4.7.1 Greylisted", False),
        (RCPT, 452, "4.2.2 over quota", False),
        (RCPT, 452, "4.2.2 Mailbox full, the user has reached the daily limit", False),
        (RCPT, 450, "4.2.1 mailbox suspended", False),
        (RCPT, 451, "4.7.1 Greylisting in action, please try resending in 5 minutes", False),
        (RCPT, 450, "4.7.1 Greylisted, please retry sending later", False),
        (RCPT, 450, "4.7.1 sending limit reached", True),
        (RCPT, 452, "4.3.1 Insufficient system storage", True),
        (RCPT, 421, "4.7.0 closing", True),
        (SENDER, 451, "later", True),
        (CONNECT, 0, "", True),
        (DATA, 0, "", False),
    ],
)
def test_whether_the_next_mail_would_be_answered_alike(stage, code, text, everyone):
    assert sort(stage, code, text).everyone is everyone


@pytest.mark.parametrize(
    ("status", "diagnostic", "fault", "code"),
    [
        ("5.1.1", "smtp; 550 5.1.1 user unknown", RECIPIENT, "5.1.1"),
        ("5.0.0", "smtp; 550-5.1.1 The account does not exist", RECIPIENT, "5.1.1"),
        ("5.0.0", "smtp; 550 5.7.26 unauthenticated", US, "5.7.26"),
        ("5.0.0", "smtp; 550 no such user", RECIPIENT, "5.0.0"),
        ("5.0.0", "", RECIPIENT, "5.0.0"),
        ("5.7.1", "smtp; 554 5.7.1 blocked using Spamhaus", US, "5.7.1"),
        ("5.7.1", "smtp; 550 5.7.1 user unknown", RECIPIENT, "5.7.1"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", RECIPIENT, "5.2.2"),
        ("5.3.4", "smtp; 552 5.3.4 too big", CONTENT, "5.3.4"),
        ("4.4.7", "smtp; 451 greylisted", RECIPIENT, "5.4.7"),
        ("4.4.1", "", RECIPIENT, "5.4.1"),
        ("5.1.10", "smtp; 556 5.1.10 null MX", RECIPIENT, "5.1.10"),
    ],
)
def test_reports_are_sorted_alike(status, diagnostic, fault, code):
    verdict = sort_report(status, diagnostic)
    assert (verdict.fault, verdict.code) == (fault, code)


@given(st.sampled_from(SmtpStage), st.integers(-10, 700), st.text(max_size=200))
def test_every_answer_is_sorted(stage, code, text):
    verdict = sort(stage, code, text)
    if stage < SmtpStage.RECIPIENT:
        assert verdict.everyone and verdict.fault in (Fault.US, Fault.PASSING)
    if not 500 <= code < 600:
        assert verdict.fault in (Fault.US, Fault.PASSING)
