"""Messages that mail servers send back, as Postfix, Exchange and others write them."""

from email.message import EmailMessage

HUMAN = "Delivery has failed. This is for people.\r\n"


def report(
    message_id: str,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    to: str = "ada@example.org",
    said: str = "smtp; 550 5.1.1 <ada@example.org>: user unknown",
    returned: str = "text/rfc822-headers",
) -> bytes:
    """A delivery status notification (RFC 3464) about the mail with this Message-ID."""
    boundary = "b-4711"
    head = (
        "From: MAILER-DAEMON@mx.example\r\nTo: no-reply@equalture.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        f"Message-ID: <dsn-{status}-{action}@mx.example>\r\n"
        'Content-Type: multipart/report; report-type="delivery-status";\r\n'
        f'\tboundary="{boundary}"\r\n'
    )
    mail = (
        f"From: Equalture <no-reply@equalture.example>\r\nTo: {to}\r\n"
        f"Subject: An assessment\r\nMessage-ID:\r\n {message_id}\r\n"
    )
    diagnostic = f"Diagnostic-Code: {said}\r\n" if said else ""
    parts = [
        ("text/plain; charset=us-ascii", HUMAN),
        (
            "message/delivery-status",
            "Reporting-MTA: dns; mx.example\r\nArrival-Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n"
            f"\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
            f"{diagnostic}",
        ),
        (returned, mail + ("\r\nThe body.\r\n" if returned == "message/rfc822" else "")),
    ]
    body = "".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts
    )
    return f"{head}\r\n{body}--{boundary}--\r\n".encode()


def holiday_reply(message_id: str) -> bytes:
    """An answer of a person's program, which names our mail but reports nothing."""
    message = EmailMessage()
    message["Subject"] = "Out of office"
    message["In-Reply-To"] = message_id
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("I am away. 5.1.1 is my favourite number.")
    return bytes(message)
