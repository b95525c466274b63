"""Compare our clock with the server's, by the Date header of its answers (RFC 9110, 6.6.1)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class ServerClock:
    """How far our clock was off at the latest answer; shared by clients of one credential."""

    def __init__(self) -> None:
        self.offset: int | None = None
        """Seconds by which our clock is ahead (behind: negative); None before a dated answer."""

    def note(self, date: str | None, sent: datetime, received: datetime) -> None:
        """Note an answer's Date. Somewhere between ``sent`` and ``received`` counts as no offset.

        An answer without a readable Date changes nothing.
        """
        try:
            theirs = parsedate_to_datetime(date or "")
        except (ValueError, TypeError, OverflowError):
            return
        if theirs.tzinfo is None:  # "-0000", for a clock that knows no zone
            theirs = theirs.replace(tzinfo=UTC)
        ahead = (sent - theirs).total_seconds() - 1  # Date has whole seconds
        behind = (received - theirs).total_seconds()
        self.offset = round(ahead) if ahead > 0 else round(behind) if behind < 0 else 0
