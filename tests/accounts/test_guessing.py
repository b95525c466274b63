"""Guessing passwords is limited for all processes together, and never locks the owner out."""

import sys
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import select

from eqsr.accounts import login_limits
from eqsr.activity.models import AuditEntry
from eqsr.core.db import db
from eqsr.outbox import counters
from eqsr.outbox.counters import Limit
from tests.accounts.guesses import (
    a_minute_passes,
    guess,
    guess_all_day,
    mails_about_guessing,
)
from tests.accounts.login import log_in
from tests.page_text import text_of
from tests.people import anybody, link_in, person
from tests.services.processes import running
from tests.statements import statements
from tests.world import PASSWORD, csrf
from tools.ports import kept_port


def test_an_account_has_so_many_guesses_a_day_and_its_owner_is_told_once(world, box, work):
    guess_all_day(world, world.alice, but=1)
    assert mails_about_guessing(world, box, work, world.alice) == []
    assert guess(world, world.alice).status_code == 401
    a_minute_passes()
    for _time in range(3):
        refused = guess(world, world.alice)
        assert refused.status_code == 429
        assert "set a new password" in text_of(refused)
    [mail] = mails_about_guessing(world, box, work, world.alice)
    assert "Today 100 wrong passwords were tried" in mail["text"]
    assert "/password/forgotten" in mail["text"]


def test_the_owner_gets_in_where_they_have_logged_in_before(world):
    alice = world.log_in_by_page(world.alice)
    alice.post("/logout", headers={"X-CSRFToken": csrf(alice, "/help")})
    guess_all_day(world, world.alice)
    assert guess(world, world.alice).status_code == 429
    assert log_in(alice, world.alice).status_code == 302
    # In a browser that is not known, the way in is a mail.
    assert log_in(world.app.test_client(), world.alice).status_code == 429


def test_the_owner_gets_in_anew_by_a_mail(world, box, work):
    guess_all_day(world, world.bob)
    browser = anybody(world)
    browser.presses("/password/forgotten", email=world.bob)
    work()
    link = link_in(box, world.bob, "/password/reset/")
    new = "four words that nobody guesses"
    assert browser.posts(link, new=new, repeated=new).location == "/"
    browser.posts("/logout")
    assert browser.posts("/login", email=world.bob, password=new).status_code == 302


def test_a_known_browser_has_its_own_limit_and_only_for_its_account(world):
    charlie = world.log_in_by_page(world.charlie)
    charlie.post("/logout", headers={"X-CSRFToken": csrf(charlie, "/help")})
    for _time in range(10):
        assert log_in(charlie, world.charlie, "wrong").status_code == 401
    assert log_in(charlie, world.charlie).status_code == 429
    # What charlie's browser is known for does not help against alice's account.
    for _time in range(10):
        assert guess(world, world.alice).status_code == 401
    assert log_in(charlie, world.alice).status_code == 429


def test_several_people_use_one_browser(world):
    browser = world.app.test_client()
    for email in (world.alice, world.bob):
        assert log_in(browser, email).status_code == 302
        browser.post("/logout", headers={"X-CSRFToken": csrf(browser, "/help")})
    for email in (world.alice, world.bob):
        for _time in range(10):
            guess(world, email)
        assert guess(world, email).status_code == 429
        assert log_in(browser, email).status_code == 302
        browser.post("/logout", headers={"X-CSRFToken": csrf(browser, "/help")})


@pytest.mark.parametrize("cookie", ["", "x", "W10.aAAA.x", "é"])
def test_a_forged_device_is_a_stranger(world, cookie):
    browser = world.app.test_client()
    browser.set_cookie("device", cookie)
    for _time in range(10):
        assert log_in(browser, world.alice, "wrong").status_code == 401
    assert log_in(browser, world.alice).status_code == 429


@pytest.mark.parametrize("spelling", ["{0}\u200b{1}", "\u2060{0}{1}", "{0}{1} ", "{0}\u00ad{1}"])
def test_another_spelling_of_the_address_has_no_tries_of_its_own(world, spelling):
    for _time in range(10):
        assert guess(world, world.alice).status_code == 401
    other = spelling.format(world.alice[:3].upper(), world.alice[3:])
    assert guess(world, other).status_code == 429


def test_addresses_of_one_ipv6_network_count_together(world):
    for number in range(10):
        assert guess(world, f"{number}@nowhere.example", f"2001:db8:0:1::{number}") is not None
    assert guess(world, "x@nowhere.example", "2001:db8:0:1:ffff::1").status_code == 429
    assert guess(world, "x@nowhere.example", "2001:db8:0:2::1").status_code == 401


def test_the_cap_does_not_tell_who_has_an_account(world, box, work):
    """At the cap and beyond it, the statements and answers are the same for both."""
    seen = []
    guess(world, "warm@nowhere.example")
    for email in (world.alice, "nobody@nowhere.example"):
        guess_all_day(world, email, but=1)
        answers = []
        asked = statements(
            world.app, lambda email=email, answers=answers: answers.append(guess(world, email))
        )
        a_minute_passes()
        beyond = guess(world, email)
        seen.append((asked, answers[0].status_code, beyond.status_code, text_of(beyond)))
    assert seen[0] == seen[1]
    assert sum("INSERT INTO work" in one for one in seen[0][0]) == 1
    work()
    assert [mail["to"] for mail in box.get("mails")] == [[world.alice]]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002"),
        ("odd", "odd"),
    ],
)
def test_a_network_is_an_address_or_the_half_of_one(address, network):
    assert login_limits.network(address) == network


def test_right_passwords_do_not_count(world):
    for _time in range(12):
        world.log_in_by_page(world.bob)
    with world.app.app_context():
        attempt = login_limits.begin(world.bob, "", "192.0.2.1")
        assert counters.take([attempt.limits[1]]).counts == (2,)


def test_guesses_at_the_same_moment_are_no_more(world):
    """A try is counted before the password is looked at, so there is no gap to slip through."""
    with world.app.app_context():
        for _time in range(10):
            login_limits.begin(world.bob, "", "")
        with pytest.raises(login_limits.TooManyTries):
            login_limits.begin(world.bob, "", "")


def test_the_current_password_can_be_guessed_no_faster(world):
    alice = person(world, world.alice)
    new = {"new": "four words that nobody guesses", "repeated": "four words that nobody guesses"}
    for _time in range(10):
        assert alice.posts("/password", current="wrong", **new).status_code == 422
    assert alice.posts("/password", current=PASSWORD, **new).status_code == 429


def test_many_refused_logins_leave_few_entries_that_say_how_many(world):
    for number in range(45):
        if number % 10 == 0:
            a_minute_passes()
        assert guess(world, world.alice).status_code == 401
    with world.app.app_context():
        query = select(AuditEntry.facts).where(AuditEntry.action == "login_refused")
        facts = list(db.session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)))
    assert facts == [{}] * 10 + [{"number": 20}, {"number": 40}]


def test_without_redis_each_process_still_counts(world, monkeypatch):
    monkeypatch.setattr(counters, "_run", lambda *_: None)
    limit = Limit("something", 2, 60)
    assert [counters.take([limit]).counts for _time in range(3)] == [(1,), (2,), ()]
    counters.give_back([limit])
    assert counters.take([limit]).refused_by is None
    other = Limit("another", 5, 60)
    assert counters.take([other, limit]).refused_by == limit
    assert counters.take([other]).counts == (1,), "what is refused takes nothing"


@pytest.mark.slow
@pytest.mark.one_database
def test_two_processes_on_an_embedded_redis_count_together(tmp_path, make_database):
    with kept_port() as one, kept_port() as two:
        environment = {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": make_database(),
            "REDIS_URL": "",
            "SECRET_KEY": "a secret key for tests, long enough",
        }
        with (
            running(*_web(one, tmp_path, environment)) as first,
            running(*_web(two, tmp_path, environment)) as second,
        ):
            first.wait_for_url(f"http://127.0.0.1:{one}/healthz")
            second.wait_for_url(f"http://127.0.0.1:{two}/healthz")
            answers = [_posts(port, "/login") for port in [one, two] * 8]
            forgotten = [_posts(port, "/password/forgotten") for port in [one, two] * 4]
    assert answers == [401] * 10 + [429] * 6
    assert forgotten == [200] * 5 + [429] * 3


def _web(port: int, folder, environment: dict[str, str]) -> tuple:
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket"]
    command += ["--bind", f"127.0.0.1:{port}", "app:app"]
    its_own = {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    return command, folder / f"{port}.log", environment | its_own


def _posts(port: int, path: str) -> int:
    url = f"http://127.0.0.1:{port}{path}"
    with requests.Session() as browser:
        page = browser.get(url, timeout=30).text
        token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
        form = {"csrf_token": token, "email": "alice@northwind.example", "password": "wrong"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = browser.post(url, data=urlencode(form), headers=headers, timeout=30)
        return answer.status_code
