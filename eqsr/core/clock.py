"""The one place where the time of day comes from; tests turn it with time-machine."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)
