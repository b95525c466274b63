"""Whether it is a working hour where a candidate lives, for emails that can wait.

Time zones and weekends of countries come from Unicode's CLDR, by way of Babel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, UnknownLocaleError, get_global

# From 8:00 to 19:59.
FIRST_HOUR, LAST_HOUR = 8, 20
SATURDAY, SUNDAY = 5, 6


def working_hour(moment: datetime, country: str | None, zone: str) -> bool:
    """Whether ``moment`` is between 8:00 and 20:00 on a working day in all zones of ``country``.

    ``country``: ISO 3166, two letters. ``zone``: the organisation's time zone, used if the
    country's zones are unknown or too far apart.
    """
    zones = zones_of(country or "") or (zone,)
    weekend = _weekend(country or "")
    local = [moment.astimezone(ZoneInfo(one)) for one in zones]
    return all(one.weekday() not in weekend and FIRST_HOUR <= one.hour < LAST_HOUR for one in local)


def zones_of(country: str) -> Sequence[str]:
    """The time zones of a country; empty if it is unknown, or so wide that its days hardly overlap.

    ``country``: ISO 3166, two letters.
    """
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if _exists(zone)]
    if not zones:
        return ()
    moment = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in zones]
    widest = timedelta(hours=LAST_HOUR - FIRST_HOUR - 1)
    return zones if max(offsets) - min(offsets) <= widest else ()


@cache
def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


@cache
def _weekend(country: str) -> frozenset[int]:
    try:
        locale = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return frozenset((SATURDAY, SUNDAY))
    return frozenset(range(locale.weekend_start, locale.weekend_end + 1))
