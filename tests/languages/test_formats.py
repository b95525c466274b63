"""Dates, times, numbers and kept sentences, as each language writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale

from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.activity.sentences import sentence
from eqsr.core import formats
from eqsr.core.messages import store, store_plural
from eqsr.core.stored_messages import render

MOMENT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("language", "day", "moment", "deadline"),
    [
        ("en", "24 November 2026", "24 Nov 2026, 14:05", "24 November 2026, 14:05 CET"),
        ("nl", "24 november 2026", "24 nov 2026, 14:05", "24 november 2026, 14:05 CET"),
        ("de", "24. November 2026", "24.11.2026, 14:05", "24. November 2026, 14:05 MEZ"),
        ("fr", "24 novembre 2026", "24 nov. 2026, 14:05", "24 novembre 2026, 14:05 UTC+01:00"),
    ],
)
def test_dates(app, language, day, moment, deadline):
    with app.test_request_context(), force_locale(language):
        assert formats.day(MOMENT) == formats.day(date(2026, 11, 24)) == day
        assert formats.day("2026-11-24") == day
        assert formats.moment(MOMENT, AMSTERDAM) == moment
        assert formats.deadline(MOMENT, AMSTERDAM) == deadline


def test_a_day_is_that_of_the_zone_and_naive_means_utc(app):
    late = datetime(2026, 11, 24, 23, 30)
    with app.test_request_context(), force_locale("en"):
        assert formats.day(late) == "24 November 2026"
        assert formats.day(late, AMSTERDAM) == "25 November 2026"
        assert formats.day("some day") == "some day"
        assert formats.zone_name(MOMENT, ZoneInfo("Asia/Kolkata")) == "GMT+05:30"


@pytest.mark.parametrize(
    ("language", "number", "share"),
    [("en", "1,204.50", "12%"), ("nl", "1.204,50", "12%"), ("de", "1.204,50", "12\u00a0%")],
)
def test_numbers(app, language, number, share):
    with app.test_request_context(), force_locale(language):
        assert formats.number(1204.5, 2) == number
        assert formats.number(3.0, 2, least=0) == "3"
        assert formats.share(0.12) == share


def test_a_kept_sentence_is_said_in_the_language_of_its_reader(app):
    scopes = store_plural(
        "%(number)s job was read.", "%(number)s jobs were read.", 1204, number=1204
    )
    away = "SmartRecruiters does not answer at the moment: wait a minute and try again."
    gone = store(
        "SmartRecruiters gave no access to this: the credential needs the scope %(scope)s and a "
        "system role that may see the job and candidate; if it has both, what we asked for may "
        "have been deleted.",
        scope="jobs_read",
    )
    line = Activity(kind=ActivityKind.CONNECTION_TROUBLE, facts={"reason": gone})
    with app.test_request_context():
        with force_locale("en"):
            assert render(scopes) == "1,204 jobs were read."
            assert render(f"{scopes}\n{away}") == f"1,204 jobs were read. {away}"
            assert render("100% of {words}") == "100% of {words}" and render("") == ""
        with force_locale("nl"):
            assert render(scopes) == "1.204 vacatures zijn gelezen."
            assert "de scope jobs_read nodig" in sentence(line)


def test_a_line_of_the_activity_log_writes_its_day_out(app):
    line = Activity(
        kind=ActivityKind.INVITATION_EXTENDED, facts={"user": "Bob", "date": "2026-12-01"}
    )
    with app.test_request_context(), force_locale("de"):
        assert "1. Dezember 2026" in sentence(line)
