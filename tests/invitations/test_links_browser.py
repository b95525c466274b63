"""A new link and an open link, in a browser that runs no scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.people import desk, follow, has_no_sideways_scrolling, phone, press, says
from tests.people import link_in
from tests.sittings import sitting as sit
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

INES = "ines@mail.example"


def log_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")


def test_a_new_link_takes_the_place_of_the_old_one(browser: Browser, world, site, box, work):
    person = sit.invite(world, title="Planner")
    with phone(browser, java_script_enabled=False) as candidate:
        candidate.goto(site.url + person.path)
        press(candidate, "Start")
        with desk(browser, java_script_enabled=False) as alice:
            log_in(alice, f"{site.url}/invitations/{person.invitation}", world.alice)
            has_no_sideways_scrolling(alice)
            follow(alice, "Make a new link …")
            says(alice, "All links sent to Priya Natarajan for Planner stop working.")
            press(alice, "Make a new link")
            says(alice, "The new link is on its way.")
            says(alice, "Alice made a new link.")
        press(candidate, "Continue")
        says(candidate, "This link was replaced")
        has_no_sideways_scrolling(candidate)
        work()
        candidate.goto(site.url + link_in(box, "priya@mail.example", "/take/"))
        says(candidate, "Welcome back")
        press(candidate, "Go on")
        says(candidate, "Page 1 of 10")


def test_coming_by_an_open_link_through_the_mailbox(browser: Browser, world, site, box, work):
    link = site.url + sit.share(world)
    with phone(browser, java_script_enabled=False) as page:
        page.goto(link)
        page.get_by_label("First name").fill("www.evil.example")
        page.get_by_label("Last name").fill("Moreau")
        page.get_by_label("Email").fill(INES)
        press(page, "Continue")
        says(page, "Enter a name, without web addresses, numbers and signs.")
        page.get_by_label("First name").fill("Inès")
        press(page, "Continue")
        says(page, "Look in your mailbox")
        has_no_sideways_scrolling(page)
        work()
        (mail,) = box.get("mails", to=INES)
        page.goto(re.search(r"http://\S+/take/\S+", mail["text"])[0])
        says(page, "Is this you?")
        has_no_sideways_scrolling(page)
        press(page, "Continue")
        says(page, "Start by")
