"""Read the mailbox that receives bounces, by IMAP (RFC 9051; RFC 4315 for UID EXPUNGE)."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from eqsr.mail.bounces import MAX_BYTES

IMAP_TIMEOUT = 20.0
FETCH_BATCH = 50


class MailboxUnavailable(Exception):
    """The mailbox can't be reached or refuses us; str() says why, without secrets."""


@dataclass(frozen=True)
class Place:
    """The last message that was read; its uid holds for one ``validity`` (RFC 9051, 2.3.1.1)."""

    validity: str = ""
    uid: int = 0


class Mailbox:
    """An open mailbox. Reading does not mark messages as read; only ``delete`` changes anything."""

    def __init__(self, server: imaplib.IMAP4, validity: str) -> None:
        self._server = server
        self.validity = validity
        # Requested again, because many servers list more capabilities after the login.
        self._uidplus = b"UIDPLUS" in server.capability()[1][0].upper().split()

    def after(self, place: Place) -> list[int]:
        """Uids of the next messages after ``place``, oldest first, at most FETCH_BATCH."""
        last = place.uid if place.validity == self.validity else 0
        found = self._ask("SEARCH", "UNDELETED", "UID", f"{last + 1}:*")
        # "n:*" always names the last message, even when its uid is lower than n.
        return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)[
            :FETCH_BATCH
        ]

    def read(self, uid: int) -> bytes:
        """Read the first MAX_BYTES of a message; empty if it does not exist any more."""
        found = self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def delete(self, uid: int) -> None:
        """Delete this message; without UIDPLUS, only mark it as deleted."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        # Without UIDPLUS, EXPUNGE would also remove messages that others have marked.
        if self._uidplus:
            self._ask("EXPUNGE", str(uid))

    def _ask(self, command: str, *words: str) -> list[Any]:
        answer, found = self._server.uid(command, *words)
        if answer != "OK":
            raise MailboxUnavailable(f"the mailbox refuses {command}")
        return found


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Open the mailbox ``imaps://user:password@host/folder`` (or ``imap://``).

    Raises MailboxUnavailable.
    """
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
            parts.hostname or "", parts.port or 993, ssl_context=trust, timeout=IMAP_TIMEOUT
        )
    return imaplib.IMAP4(parts.hostname or "", parts.port or 143, timeout=IMAP_TIMEOUT)


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
