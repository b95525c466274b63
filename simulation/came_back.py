"""The mailbox to which mail servers send back what they accepted first, and its reports."""

from collections.abc import Iterator
from contextlib import contextmanager

from simulation.scheduler import Scheduler
from tests.mail.reports import report

# What a report says, per kind of mailbox: status and the server's words.
SAID = {
    "bounces": ("5.1.1", "smtp; 550 5.1.1 No such mailbox"),
    "returns": ("5.7.1", "smtp; 550 5.7.1 Sender domain not verified"),
}
# Seconds until a report arrives.
WAITS = (5.0, 60.0, 900.0)


class CameBack:
    """One folder, read as eqsr's ``mailbox.Mailbox`` is. ``validity`` never changes."""

    validity = "1"

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._messages: dict[int, bytes] = {}
        self._next = 1

    def receive(self, kind: str, message_id: str, to: str) -> None:
        """A report about the mail with this Message-ID arrives."""
        status, said = SAID[kind]
        self._messages[self._next] = report(message_id, status=status, to=to, said=said)
        self._next += 1

    @contextmanager
    def opened(self, url: str) -> Iterator["CameBack"]:
        """Log in and choose the folder."""
        self._scheduler.seam()
        yield self

    def after(self, place: "object") -> list[int]:
        """Numbers of the messages after the last one that was read."""
        self._scheduler.seam()
        return sorted(uid for uid in self._messages if uid > getattr(place, "uid", 0))

    def read(self, uid: int) -> bytes:
        """One message; empty if it is gone."""
        self._scheduler.seam()
        return self._messages.get(uid, b"")

    def delete(self, uid: int) -> None:
        """Delete one message."""
        self._scheduler.seam()
        self._messages.pop(uid, None)
