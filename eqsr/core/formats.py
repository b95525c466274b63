"""Format dates, times and numbers in the reader's language, by Unicode's CLDR.

``zone`` is the time zone to show a moment in; the viewer's own by default. What is written for
somebody who is not here (mails, notes, attached reports) is written within ``written_for``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers
from flask_babel import force_locale, get_locale, get_timezone

# CLDR's plain English is American; the product's is European. static/app.js does the same.
EUROPEAN = {"en": "en_GB"}
# Zones without a short name in a language are shown by their offset, such as GMT+01:00.
UNNAMED = ("+", "-")

_zone_of_reader: ContextVar[tzinfo | None] = ContextVar("zone_of_reader", default=None)


@contextmanager
def written_for(language: str, time_zone: str) -> Iterator[None]:
    """Write in this language, and by the clock of this IANA time zone, within the block."""
    token = _zone_of_reader.set(ZoneInfo(time_zone))
    try:
        with force_locale(language):
            yield
    finally:
        _zone_of_reader.reset(token)


def day(when: date | datetime | str, zone: tzinfo | None = None) -> str:
    """Format as "24 November 2026". Takes an ISO date as text too; returns other text unchanged."""
    if isinstance(when, str):
        text = when
        try:
            when = date.fromisoformat(text)
        except ValueError:
            return text
    if isinstance(when, datetime):
        when = _there(when, zone)
    return dates.format_date(when, "long", locale=_locale())


def moment(when: datetime, zone: tzinfo | None = None) -> str:
    """Format as "24 Nov 2026, 14:05", short enough for a list."""
    return _joined(when, zone, "medium")


def deadline(when: datetime, zone: tzinfo | None = None) -> str:
    """Format as "24 November 2026, 14:05 CET"."""
    return f"{_joined(when, zone, 'long')} {zone_name(when, zone)}"


def open_until(when: datetime, zone: tzinfo | None = None) -> str:
    """Format as "24 November 2026, 14:05 (Central European Standard Time)"."""
    name = dates.get_timezone_name(_there(when, zone), width="long", locale=_locale())
    return f"{_joined(when, zone, 'long')} ({name})"


def for_spreadsheets(when: datetime) -> str:
    """Format as "2026-11-24 14:05", which spreadsheet programs read in every language."""
    return f"{_there(when, None):%Y-%m-%d %H:%M}"


def iso_day(when: datetime) -> str:
    """Format as "2026-11-24", for names of files."""
    return f"{_there(when, None):%Y-%m-%d}"


def text_direction() -> str:
    """ "ltr" or "rtl": from which side the reader's language is read."""
    return str(_locale().text_direction)


def zone_of_reader() -> str:
    """The IANA name of the zone that moments are told in."""
    return str(_zone_of_reader.get() or get_timezone() or UTC)


def decimal_mark(locale: str) -> str:
    """What separates the decimals in this language or locale; "." for an unknown one."""
    try:
        return str(numbers.get_decimal_symbol(Locale.parse(locale, sep="-")))
    except (ValueError, UnknownLocaleError):
        return "."


def zone_name(when: datetime, zone: tzinfo | None = None) -> str:
    """The short name of the zone at that moment: "CET", "GMT+01:00"."""
    there, locale = _there(when, zone), _locale()
    name = dates.get_timezone_name(there, width="short", locale=locale)
    return dates.get_timezone_gmt(there, locale=locale) if name.startswith(UNNAMED) else name


def number(value: float, decimals: int = 0, least: int | None = None) -> str:
    """Format a number with the reader's separators and ``decimals`` decimals.

    With ``least``, trailing zeros are dropped down to that many decimals.
    """
    fixed = decimals if least is None else least
    pattern = f"#,##0.{'0' * fixed}{'#' * (decimals - fixed)}".rstrip(".")
    return numbers.format_decimal(value, pattern, locale=_locale())


def share(value: float) -> str:
    """Format a fraction as a whole percentage: 0.12 becomes "12%"."""
    return numbers.format_percent(value, locale=_locale())


def _joined(when: datetime, zone: tzinfo | None, width: Literal["medium", "long"]) -> str:
    there, locale = _there(when, zone), _locale()
    written = {
        "{1}": dates.format_date(there, width, locale=locale),
        "{0}": dates.format_time(there, "short", tzinfo=there.tzinfo, locale=locale),
    }
    pattern = str(dates.get_datetime_format(width, locale=locale)).replace("'", "")
    for place, text in written.items():
        pattern = pattern.replace(place, text)
    return pattern


def _there(when: datetime, zone: tzinfo | None) -> datetime:
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return aware.astimezone(zone or _zone_of_reader.get() or get_timezone() or UTC)


def _locale() -> Locale:
    chosen = str(get_locale() or "en")
    return Locale.parse(EUROPEAN.get(chosen, chosen))


FILTERS = {one.__name__: one for one in (day, moment, deadline, zone_name, number, share)}
"""The functions that templates can use as filters, by name."""
