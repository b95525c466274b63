"""The mails that the sink accepted, oldest first."""

import itertools
import threading
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from .clock import Clock, iso, parse_iso

MAILS_KEPT = 50_000


@dataclass
class Mail:
    """One accepted message with its envelope."""

    id: int
    received_on: float
    sender: str
    recipients: list[str]
    message_id: str
    subject: str
    text: str
    html: str
    headers: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self, brief: bool = False) -> dict[str, Any]:
        """Return the mail for the control API; ``brief`` omits text, html and headers."""
        found: dict[str, Any] = {
            "id": self.id,
            "message_id": self.message_id,
            "from": self.sender,
            "to": self.recipients,
            "subject": self.subject,
            "received_at": iso(self.received_on),
        }
        if not brief:
            found |= {"text": self.text, "html": self.html, "headers": self.headers}
        return found


class Mailbox:
    """Keeps mails in memory and finds them by recipient and time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._mails: deque[Mail] = deque(maxlen=MAILS_KEPT)

    def accept(self, sender: str, recipients: list[str], raw: bytes) -> Mail:
        """Store one message exactly as the SMTP server received it."""
        message = message_from_bytes(raw, policy=policy.default)
        mail = Mail(
            id=next(self._ids),
            received_on=self._clock.now(),
            sender=sender,
            recipients=list(recipients),
            message_id=str(message.get("Message-ID", "")).strip(),
            subject=str(message.get("Subject", "")),
            text=_body(message, "plain"),
            html=_body(message, "html"),
            headers=[(name, str(value)) for name, value in message.items()],
        )
        with self._lock:
            self._mails.append(mail)
        return mail

    def find(self, to: str = "", since: str = "") -> list[Mail]:
        """Return the matching mails, oldest first.

        ``to`` is part of a recipient's address, ignoring case. ``since`` is a mail id (return later
        mails) or an ISO date-time (return mails from then on). Raises ValueError for any other
        ``since``.
        """
        with self._lock:
            mails = list(self._mails)
        if since.isdigit():
            mails = [mail for mail in mails if mail.id > int(since)]
        elif since:
            start = parse_iso(since)
            mails = [mail for mail in mails if mail.received_on >= start]
        if to:
            mails = [
                m for m in mails if any(to.lower() in address.lower() for address in m.recipients)
            ]
        return mails

    def get(self, mail_id: int) -> Mail | None:
        """Return one mail by its id."""
        with self._lock:
            return next((mail for mail in self._mails if mail.id == mail_id), None)

    def clear(self) -> None:
        """Delete all mails; ids keep counting up."""
        with self._lock:
            self._mails.clear()

    def restore(self, mails: list[Mail]) -> None:
        """Take mails back, with the ids that they had."""
        with self._lock:
            self._mails.extend(mails)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return part.get_content()
    except (LookupError, UnicodeError):  # an unknown charset
        return part.get_payload(decode=True).decode("utf-8", "replace")
