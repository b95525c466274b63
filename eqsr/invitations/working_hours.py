"""When nobody minds a mail that could wait: in the daytime of a working day where they live.

Countries' zones and weekends are Unicode's (CLDR), by Babel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, UnknownLocaleError, get_global

# From 8:00 until just before 20:00.
FIRST_HOUR, LAST_HOUR = 8, 20
SATURDAY, SUNDAY = 5, 6


def working_hour(moment: datetime, country: str | None, zone: str) -> bool:
    """Is it between 8:00 and 20:00 on a working day in ``country`` (ISO 3166, two letters): in all
    of its zones, if it has several? By ``zone``, the organisation's, where that is not known."""
    zones = zones_of(country or "") or (zone,)
    weekend = _weekend(country or "")
    there = [moment.astimezone(ZoneInfo(one)) for one in zones]
    return all(one.weekday() not in weekend and FIRST_HOUR <= one.hour < LAST_HOUR for one in there)


def zones_of(country: str) -> Sequence[str]:
    """The time zones of a country. None of one that is not known, or that is so wide that it is
    never daytime everywhere."""
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if _exists(zone)]
    moment = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones]
    day = timedelta(hours=LAST_HOUR - FIRST_HOUR - 1)
    return zones if zones and max(offsets) - min(offsets) <= day else ()


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
        there = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return frozenset((SATURDAY, SUNDAY))
    return frozenset(range(there.weekend_start, there.weekend_end + 1))
