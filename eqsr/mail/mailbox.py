"""The mailbox to which reports come back, read by IMAP (RFC 9051; RFC 4315 for UID EXPUNGE)."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from eqsr.mail.bounces import MAX_BYTES

IMAP_TIMEOUT = 20.0
FETCH_BATCH = 50


class MailboxUnavailable(Exception):
    """The mailbox can't be reached, or refuses us; str() says what happened, without secrets."""


@dataclass(frozen=True)
class Place:
    """How far a mailbox was read: uids count within one ``validity`` (RFC 9051, 2.3.1.1)."""

    validity: str = ""
    uid: int = 0


class Mailbox:
    """An opened mailbox. Reading marks nothing as read; only ``delete`` changes anything."""

    def __init__(self, server: imaplib.IMAP4, validity: str) -> None:
        self._server = server
        self.validity = validity
        # Asked for anew: many servers tell of more after the login.
        self._plus = b"UIDPLUS" in server.capability()[1][0].upper().split()

    def after(self, place: Place) -> list[int]:
        """The uids of the next messages, oldest first."""
        last = place.uid if place.validity == self.validity else 0
        found = self._ask("SEARCH", "UNDELETED", "UID", f"{last + 1}:*")
        # "n:*" always names the last message, even when its uid is lower than n.
        return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)[
            :FETCH_BATCH
        ]

    def read(self, uid: int) -> bytes:
        """The beginning of a message; empty if it is gone."""
        found = self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def delete(self, uid: int) -> None:
        """Delete this message and no other."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        # Without it, EXPUNGE would remove what others marked too; then marking has to do.
        if self._plus:
            self._ask("EXPUNGE", str(uid))

    def _ask(self, command: str, *words: str) -> list:
        answer, found = self._server.uid(command, *words)
        if answer != "OK":
            raise MailboxUnavailable(f"the mailbox refuses {command}")
        return found


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """The mailbox of ``imaps://user:password@host/folder`` (or ``imap://``). Raises Away."""
    try:
        server = _connect(url)
        try:
            parts = urlsplit(url)
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
            answer, _found = server.select(_quoted(unquote(parts.path.lstrip("/")) or "INBOX"))
            if answer != "OK":
                raise MailboxUnavailable("the mailbox has no such folder")
            _name, validity = server.response("UIDVALIDITY")
            yield Mailbox(server, str(validity[0]))
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
            with suppress(OSError):
                server.shutdown()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnavailable(f"the mailbox can't be read ({type(error).__name__})") from None


def _connect(url: str) -> imaplib.IMAP4:
    parts = urlsplit(url)
    if parts.scheme == "imaps":
        trust = ssl.create_default_context()
        return imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=trust, timeout=IMAP_TIMEOUT
        )
    return imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=IMAP_TIMEOUT)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
