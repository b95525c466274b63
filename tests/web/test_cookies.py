"""Cookies and headers of an installation that is reached by https."""

import dataclasses

import pytest

from eqsr import create_app
from eqsr.core.db import db
from tests.world import PASSWORD, csrf

SITE = "https://assess.example.org"


@pytest.fixture
def secure(app, world, settings):
    """Make the same installation behind https, with changes of its settings."""
    made = []

    def make(**changes):
        application = create_app(dataclasses.replace(settings, public_url=SITE, **changes))
        made.append(application)
        return application.test_client()

    yield make
    for application in made:
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


def test_cookies_are_of_this_host_alone(secure, world):
    browser = secure()
    page = browser.get("/login", base_url=SITE)
    token = page.text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    form = {"email": world.alice, "password": PASSWORD, "csrf_token": token}
    answer = browser.post("/login", data=form, base_url=SITE, headers={"Referer": SITE})
    cookies = answer.headers.getlist("Set-Cookie")
    assert {one.split("=", 1)[0] for one in cookies} == {"__Host-session", "__Host-device"}
    for one in cookies:
        parts = {part.strip() for part in one.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
    assert browser.get("/jobs", base_url=SITE).status_code == 200


def test_on_a_laptop_without_https_they_work_too(world):
    browser = world.log_in_by_page(world.alice)
    assert browser.get_cookie("session") and browser.get_cookie("device")
    assert csrf(browser, "/profile")


@pytest.mark.parametrize(
    ("wanted", "header"),
    [(False, "max-age=31536000"), (True, "max-age=31536000; includeSubDomains")],
)
def test_hosts_below_are_told_to_use_https_only_if_asked_for(secure, wanted, header):
    answer = secure(hsts_subdomains=wanted).get("/login", base_url=SITE)
    assert answer.headers["Strict-Transport-Security"] == header
