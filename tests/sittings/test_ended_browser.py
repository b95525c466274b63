"""A candidate who left comes back after the end, on a phone's screen."""

import pytest
from playwright.sync_api import expect

from eqsr.invitations.models import InvitationState
from tests.browser.people import has_no_sideways_scrolling
from tests.services.browser import open_page
from tests.sittings import sitting as sit
from tests.sittings.ending_time import passes

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def phone(browser):
    with open_page(browser, 390, 844, has_touch=True) as page:
        yield page


def test_all_answered_and_left_without_finish(client, world, work, site, phone):
    person = sit.invite(world)
    sit.answer_all(client, person)
    phone.goto(f"{site.url}{person.path}/finish")
    expect(phone.get_by_role("button", name="Finish")).to_be_visible()
    passes(work)
    phone.get_by_role("button", name="Finish").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(phone.get_by_text("so your answers were handed in for you")).to_be_visible()
    has_no_sideways_scrolling(phone)
    assert sit.invitation(person).state is InvitationState.COMPLETED
    assert sit.told(person).count("finished_by_clock") == 1


def test_left_half_way_and_back_after_the_end(client, world, work, site, phone):
    person = sit.invite(world)
    sit.start(client, person)
    for page in range(1, 9):
        sit.answer_page(client, person, page)
    phone.goto(f"{site.url}{person.path}/questions/9")
    passes(work)
    phone.locator("input[type=radio]").first.check()
    expect(phone.get_by_text("What you have answered is kept.")).to_be_visible()
    phone.goto(site.url + person.path)
    expect(
        phone.get_by_role("heading", name="The time for this questionnaire is over")
    ).to_be_visible()
    expect(phone.get_by_text("40 of 50 questions answered.")).to_be_visible()
    expect(phone.get_by_text("nobody counts it against you")).to_be_visible()
    has_no_sideways_scrolling(phone)
    phone.get_by_role("link", name="See your result").click()
    expect(phone.get_by_role("heading", name="Your result")).to_be_visible()
    has_no_sideways_scrolling(phone)
