"""One's profile: name, language, time zone; and where one is logged in."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.accounts.models import LoginSession, User
from eqsr.core.clock import now
from eqsr.core.db import db
from tests.people import main_words, person
from tests.world import World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def alice(world):
    return person(world, world.alice)


def test_a_profile_is_changed(world, alice):
    shown = alice.presses("/profile", name="  Alice   Berg ", language="en", time_zone="Asia/Tokyo")
    assert "Your profile is saved." in shown
    page = alice.browser.get("/profile").text
    assert 'value="Alice Berg"' in page
    assert '<option value="Asia/Tokyo" selected>' in page


@pytest.mark.parametrize(
    "form",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"language": "tlh"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_what_is_not_offered_is_refused(alice, form):
    good = {"name": "Alice", "language": "", "time_zone": ""}
    answer = alice.posts("/profile", **good | form)
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_times_are_shown_in_the_chosen_zone(world):
    with time_machine.travel(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        alice = person(world, world.alice)
        assert "2 Jul 2026, 00:30 CEST" in alice.sees("/profile"), "the organisation's zone"
        alice.presses("/profile", name="Alice", language="", time_zone="Asia/Tokyo")
        page = alice.browser.get("/profile")
    assert 'data-time-zone="Asia/Tokyo"' in page.text
    assert "2 Jul 2026, 07:30" in main_words(page)


def test_sessions_are_listed_and_ended(world: World, app):
    browsers = [world.app.test_client() for _ in range(2)]
    alice = person(world, world.alice)
    for browser in browsers:
        browser.environ_base["HTTP_USER_AGENT"] = FIREFOX
        browser.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        from tests.accounts.login import log_in

        assert log_in(browser, world.alice).status_code == 302
    page = alice.sees("/profile")
    assert page.count("Firefox · Linux 192.0.2.7") == 2
    assert page.count("This one") == 1
    html = alice.browser.get("/profile").text
    first = next(part for part in html.split('"') if part.endswith("/end"))
    assert "That session is ended." in alice.presses(first)
    assert alice.posts(first).status_code == 303
    assert sorted(one.get("/jobs").status_code for one in browsers) == [200, 302]
    assert "Everywhere else you are logged out." in alice.presses("/sessions/end-others")
    assert {one.get("/jobs").status_code for one in browsers} == {302}
    assert alice.browser.get("/jobs").status_code == 200


def test_logging_out_ends_the_session_itself(world, alice):
    with alice.browser.session_transaction() as session:
        kept = dict(session)
    alice.posts("/logout")
    with alice.browser.session_transaction() as session:
        session.update(kept)
    assert alice.browser.get("/jobs").status_code == 302, "a stolen cookie is worth nothing now"


def test_an_unused_session_ends_by_itself_and_use_keeps_it(app, world, alice):
    begun = now()
    for hours in (8, 16, 24):
        with time_machine.travel(begun + timedelta(hours=hours)):
            assert alice.browser.get("/jobs").status_code == 200
    with app.app_context():
        user = db.session.scalar(select(User).where(User.email == world.alice))
        assert user.last_seen_at > begun + timedelta(hours=23)
    with time_machine.travel(begun + timedelta(hours=37)):
        assert alice.browser.get("/jobs").status_code == 302


def test_an_unused_session_is_over_even_for_a_cookie_that_is_not(alice):
    with alice.browser.session_transaction() as session:
        kept = dict(session)
    with time_machine.travel(now() + timedelta(hours=13)):
        with alice.browser.session_transaction() as session:
            session.update(kept)  # signed now, so the browser's twelve hours begin again
        assert alice.browser.get("/jobs").status_code == 302


def test_a_session_ends_after_a_week_however_much_it_is_used(alice):
    begun = now()
    for hours in range(8, 7 * 24, 8):
        with time_machine.travel(begun + timedelta(hours=hours)):
            assert alice.browser.get("/jobs").status_code == 200
    with time_machine.travel(begun + timedelta(days=7, minutes=1)):
        assert alice.browser.get("/jobs").status_code == 302


def test_the_cookie_is_kept_from_scripts_and_other_sites(world):
    browser = world.log_in(world.alice)
    cookie = browser.get("/profile").headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_old_sessions_are_forgotten(app, world, alice, work):
    with time_machine.travel(now() + timedelta(days=91)):
        work.by_clock()
    with app.app_context():
        assert db.session.scalars(select(LoginSession)).all() == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_its_owner_would(agent, name):
    from eqsr.accounts.devices import device

    assert device(agent) == name
