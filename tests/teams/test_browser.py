"""Joining a team in a browser that runs no scripts: the mail, a password, and in again."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import desk, has_no_sideways_scrolling, press, says
from tests.people import link_in, person
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEW = "nadia@northwind.example"


def log_in(page, site, email):
    page.goto(f"{site.url}/login")
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")


def test_an_invited_colleague_joins_and_logs_in(browser: Browser, world, site, box, work):
    with desk(browser, java_script_enabled=False) as alice:
        log_in(alice, site, world.alice)
        alice.get_by_role("link", name="Team", exact=True).click()
        alice.get_by_label("E-mail address").fill(NEW)
        press(alice, "Send invitation")
        says(alice, "The invitation is on its way.")
        alice.reload()
        expect(alice.get_by_role("row", name=NEW)).to_have_count(1)
    work()
    link = site.url + link_in(box, NEW, "/join/")
    with desk(browser, java_script_enabled=False, locale="en-GB") as nadia:
        nadia.set_viewport_size({"width": 390, "height": 844})
        nadia.goto(link)
        nadia.get_by_label("Your name").fill("Nadia Berg")
        nadia.get_by_label("Password", exact=True).fill("too short")
        nadia.get_by_label("Password again").fill("too short")
        has_no_sideways_scrolling(nadia)
        press(nadia, "Join")
        says(nadia, "at least 12 characters")
        nadia.get_by_label("Password", exact=True).fill(PASSWORD)
        nadia.get_by_label("Password again").fill(PASSWORD)
        press(nadia, "Join")
        says(nadia, "You are now on the team of Northwind.")
        nadia.goto(link)
        says(nadia, "You have joined already")
        nadia.goto(site.url)
        nadia.locator("summary").first.click()
        press(nadia, "Log out")
        log_in(nadia, site, NEW)
        says(nadia, "No jobs yet")
    page = person(world, world.alice).sees("/team")
    assert "Nadia Berg joined as reviewer." in page
