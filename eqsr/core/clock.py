"""The only source of the current time; tests set it with time-machine."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def day_in(time_zone: str, moment: datetime) -> date:
    """The day of the moment in this IANA time zone; ``str`` of it is its ISO form."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
