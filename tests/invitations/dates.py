"""Days and hours from now on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from eqsr.core.clock import now


def day(days: int) -> str:
    return f"{now() + timedelta(days=days):%Y-%m-%d}"


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def working_day(days: int, hour: int = 10) -> datetime:
    """The first working day that is at least so many days away, at this hour in Amsterdam."""
    day = (now() + timedelta(days=days)).astimezone(AMSTERDAM)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)
