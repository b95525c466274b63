"""The mail sink over real SMTP, with its faults."""

import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from tests.sandbox.drive import Sandbox


def mail(to: str = "ada@example.org", subject: str = "You are invited") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "team@example.com", to, subject
    message["Message-ID"] = f"<{len(subject)}@example.com>"
    message.set_content("Hello Zoë: https://example.com/take/1\n")
    message.add_alternative("<p>Hello <b>Zoë</b></p>", subtype="html")
    return message


def send(sandbox: Sandbox, message: EmailMessage, timeout: float = 60) -> None:
    with smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=timeout) as client:
        client.send_message(message)


def mails(sandbox: Sandbox, query: str = "") -> list[dict[str, Any]]:
    return sandbox.control("GET", f"/mails{query}")


def fault(sandbox: Sandbox, kind: str, **more: Any) -> None:
    sandbox.control("POST", "/faults", kind=kind, **more)


def test_a_mail_is_kept(sandbox: Sandbox) -> None:
    send(sandbox, mail(subject="Café invitation"))
    (found,) = mails(sandbox)
    assert found["from"] == "team@example.com"
    assert found["to"] == ["ada@example.org"]
    assert found["subject"] == "Café invitation"
    assert "Hello Zoë: https://example.com/take/1" in found["text"]
    assert found["html"].strip() == "<p>Hello <b>Zoë</b></p>"
    assert found["message_id"] == "<15@example.com>"
    assert ["From", "team@example.com"] in found["headers"]


def test_mails_by_recipient_and_time(sandbox: Sandbox) -> None:
    send(sandbox, mail("ada@example.org", "one"))
    send(sandbox, mail("bram@example.org", "two"))
    assert [each["subject"] for each in mails(sandbox, "?to=BRAM")] == ["two"]
    first = mails(sandbox)[0]
    assert [each["subject"] for each in mails(sandbox, f"?since={first['id']}")] == ["two"]
    assert len(mails(sandbox, f"?since={first['received_at']}")) == 2
    assert "text" not in mails(sandbox, "?brief=1")[0]
    sandbox.control("DELETE", "/mails")
    assert mails(sandbox) == []


def test_log_in_is_accepted(sandbox: Sandbox) -> None:
    with smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=60) as client:
        client.login("anyone", "anything")
        client.send_message(mail())
    assert len(mails(sandbox)) == 1


def test_a_refused_connection(sandbox: Sandbox) -> None:
    fault(sandbox, "smtp_refuse", times=1)
    with pytest.raises((ConnectionError, smtplib.SMTPServerDisconnected)):
        send(sandbox, mail())
    send(sandbox, mail())
    assert len(mails(sandbox)) == 1


@pytest.mark.parametrize(("kind", "status"), [("smtp_4xx", 451), ("smtp_5xx", 550)])
def test_a_refused_recipient(sandbox: Sandbox, kind: str, status: int) -> None:
    fault(sandbox, kind, match={"address": "bram@*"})
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sandbox, mail("bram@example.org"))
    assert refused.value.recipients["bram@example.org"][0] == status
    send(sandbox, mail("ada@example.org"))
    assert [each["to"] for each in mails(sandbox)] == [["ada@example.org"]]


def test_a_hanging_server(sandbox: Sandbox) -> None:
    fault(sandbox, "smtp_hang", times=1, delay_seconds=30)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(sandbox, mail(), timeout=0.3)
    send(sandbox, mail())


def test_dropped_before_and_after_250(sandbox: Sandbox) -> None:
    fault(sandbox, "smtp_drop_before_250", times=1)
    with pytest.raises((ConnectionError, smtplib.SMTPServerDisconnected)):
        send(sandbox, mail(subject="before"))
    assert [each["subject"] for each in mails(sandbox)] == ["before"]
    fault(sandbox, "smtp_drop_after_250", times=1)
    client = smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=60)
    assert client.send_message(mail(subject="after")) == {}
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    client.close()
    assert [each["subject"] for each in mails(sandbox)] == ["before", "after"]


def test_a_mail_that_is_accepted_and_lost(sandbox: Sandbox) -> None:
    fault(sandbox, "smtp_lose", times=1)
    send(sandbox, mail())
    assert mails(sandbox) == []
