"""Names that are read from the right, and pages in such a language, in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from eqsr.accounts.models import Organisation
from eqsr.core import formats
from eqsr.core.db import transaction
from tests.browser.people import (
    answer_everything,
    desk,
    follow,
    has_no_sideways_scrolling,
    phone,
    press,
    says,
)
from tests.sittings import sitting as sit
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

FIRST, LAST, JOB = "محمد", "الأحمد", "مهندس (م/ف)"
NAME = f"{FIRST} {LAST}"


def log_in(page: Page, email: str) -> None:
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")


def left_edge(page: Page, name: str, piece: str) -> float:
    """Where on the screen a piece of the name begins, in the text that holds the whole name."""
    return page.evaluate(
        """([name, piece]) => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(name);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at + name.indexOf(piece));
                range.setEnd(node, at + name.indexOf(piece) + piece.length);
                return range.getBoundingClientRect().left;
            }
        }""",
        [name, piece],
    )


def picture(page: Page, name: str, tmp_path) -> None:
    page.screenshot(path=tmp_path / f"{name}.png", full_page=True)


def test_a_candidate_with_an_arabic_name_from_invitation_to_profile(
    browser: Browser, world, site, tmp_path
):
    person = sit.invite(world, first=FIRST, last=LAST, title=JOB)
    with desk(browser) as page:
        page.goto(site.url + person.path)
        says(page, "It belongs to your application for")
        # Its last bracket is at the left, as the first word is at the right.
        assert left_edge(page, JOB, ")") < left_edge(page, JOB, "(") < left_edge(page, JOB, "مهندس")
    with phone(browser) as page:
        page.clock.install()
        page.goto(site.url + person.path)
        has_no_sideways_scrolling(page)
        says(page, JOB)
        picture(page, "landing", tmp_path)
        press(page, "Start")
        answer_everything(page, reads=True)
        press(page, "Finish")
        says(page, "Thank you")
        has_no_sideways_scrolling(page)
        picture(page, "done", tmp_path)
    with phone(browser) as page:
        page.goto(f"{site.url}/candidates/{person.candidate}")
        log_in(page, world.alice)
        page.wait_for_url("**/candidates/**")
        says(page, NAME)
        has_no_sideways_scrolling(page)
        picture(page, "profile", tmp_path)
        page.goto(f"{site.url}/invitations/{person.invitation}")
        has_no_sideways_scrolling(page)
        picture(page, "invitation", tmp_path)


def test_a_page_in_a_language_from_the_right_is_mirrored(
    browser: Browser, world, site, monkeypatch, tmp_path
):
    """English words laid out as Arabic ones would be: only the direction is tried here."""
    with world.app.app_context(), transaction() as session:
        session.execute(update(Organisation).values(name="Northwind 24"))
    person = sit.invite(world, title="Planner")
    monkeypatch.setattr(formats, "text_direction", lambda: "rtl")
    for width, height in ((390, 844), (1280, 800)):
        with desk(browser, width=width, height=height) as page:
            page.goto(site.url + "/login")
            log_in(page, world.alice)
            says(page, "Create a Job")
            assert page.locator("html").get_attribute("dir") == "rtl"
            mark = page.locator(".brand").first.bounding_box()
            menu = page.locator(".menu > summary, .menu").first.bounding_box()
            assert mark["x"] > menu["x"], "the brand begins the line at the right"
            header = page.locator("h1").first.bounding_box()
            assert header["x"] + header["width"] > width * 0.8
            has_no_sideways_scrolling(page)
            arrow = page.locator(".toolbar .select").first.evaluate(
                "one => getComputedStyle(one).backgroundPositionX"
            )
            assert "100%" not in arrow, "the arrow is at the end of the field"
            picture(page, f"jobs-{width}", tmp_path)
            follow(page, "Planner")
            says(page, "Priya")
            has_no_sideways_scrolling(page)
            picture(page, f"job-{width}", tmp_path)
            page.goto(f"{site.url}/candidates/{person.candidate}")
            says(page, "Priya")
            has_no_sideways_scrolling(page)
            back = page.locator(".back-link").first
            if back.count():
                turned = back.locator("svg").evaluate("one => getComputedStyle(one).transform")
                assert re.match(r"matrix\(-1", turned)
            picture(page, f"candidate-{width}", tmp_path)
            page.goto(site.url + person.path)
            has_no_sideways_scrolling(page)
            picture(page, f"landing-{width}", tmp_path)
