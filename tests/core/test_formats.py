"""Days and hours are told by the clock of who reads them, and an hour names its zone."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import get_template_attribute

from eqsr.core import formats
from eqsr.core.clock import day_in
from eqsr.mail.compose import compose_email

LATE = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        ("Europe/Amsterdam", "25 November 2026", "00:30 CET"),
        ("America/Santiago", "24 November 2026", "20:30 GMT-03:00"),
        ("Asia/Tokyo", "25 November 2026", "08:30 GMT+09:00"),
    ],
)
def test_a_worker_writes_by_the_clock_of_the_reader(app, zone, day, hour):
    with app.app_context(), formats.written_for("en", zone):
        assert formats.day(LATE) == day
        assert formats.deadline(LATE) == f"{day}, {hour}"
        assert str(day_in(zone, LATE)) == f"2026-11-{day[:2]}"


def test_a_worker_tells_no_day_without_a_clock(app):
    with app.app_context():
        with pytest.raises(LookupError):
            formats.day(LATE)
        with formats.written_for("nl", "Europe/Amsterdam"):
            assert formats.day(LATE) == "25 november 2026"
        with pytest.raises(LookupError):
            formats.moment(LATE)
        assert formats.day(date(2026, 11, 24)) == "24 November 2026", "a day is a day anywhere"


def test_a_mail_tells_its_moments_by_its_zone(app):
    with app.app_context():
        mail = compose_email(
            "password_changed",
            zone="Asia/Tokyo",
            first_name="Ada",
            changed_at=LATE,
            link_url="https://assess.example",
        )
    assert "25 November 2026, 08:30 GMT+09:00" in mail.text


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 9, 5, 1, 123456),
        datetime(2026, 11, 24, 9, 5, 1, 999999, UTC),
        datetime(2026, 11, 24, 9, 5, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
@pytest.mark.parametrize("show", ["", "date", "zone"])
def test_a_time_element_is_one_that_html_allows(app, moment, show):
    """At most three fraction digits (HTML, valid global date and time), and a zone."""
    with app.test_request_context():
        told = get_template_attribute("components/data.html", "local_time")(moment, show)
    (value,) = re.findall(r'<time datetime="([^"]+)"', told)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)", value)
