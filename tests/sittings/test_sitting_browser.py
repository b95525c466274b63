"""What the page's script adds, in a real browser on a phone's screen."""

import re

import pytest
from playwright.sync_api import expect

from eqsr.invitations.models import InvitationState
from tests.services.browser import open_page
from tests.sittings import sitting as sit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def phone(browser):
    with open_page(browser, 390, 844, has_touch=True) as page:
        yield page


@pytest.fixture
def person(client, world):
    return sit.invite(world)


def begin(page, site, person):
    page.goto(site.url + person.path)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/questions/1*")  # with its script


def choose(page, item, value):
    page.locator(f"input[name=item-{item}][value='{value}']").check()


def test_answers_are_saved_as_they_are_given(site, phone, person):
    begin(phone, site, person)
    choose(phone, 1, 4)
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    expect(phone.get_by_text("1 of 50")).to_be_visible()
    kept = sit.stored(person)[1]
    assert kept.value == 4
    assert 0 < kept.response_ms < 60_000


def test_what_is_answered_without_a_connection_is_sent_when_it_is_back(site, phone, person):
    begin(phone, site, person)
    phone.context.set_offline(True)
    choose(phone, 1, 4)
    expect(phone.get_by_text("No connection.")).to_be_visible()
    choose(phone, 2, 2)
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_text("Some answers are not sent yet")).to_be_visible()
    assert sit.stored(person) == {}
    phone.context.set_offline(False)
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    assert {item: row.value for item, row in sit.stored(person).items()} == {1: 4, 2: 2}


def test_unsent_answers_survive_a_reload(site, phone, person):
    begin(phone, site, person)
    answers = re.compile(r"/answer$")
    phone.route(answers, lambda route: route.abort())
    choose(phone, 3, 5)
    expect(phone.get_by_text("No connection.")).to_be_visible()
    phone.unroute(answers)
    phone.reload()
    expect(phone.locator("input[name=item-3][value='5']")).to_be_checked()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    assert sit.stored(person)[3].value == 5


def test_a_withdrawn_sitting_says_so_in_place(site, phone, person):
    begin(phone, site, person)
    sit.change(person, state=InvitationState.CANCELLED)
    choose(phone, 1, 4)
    expect(phone.get_by_text("This invitation was withdrawn.")).to_be_visible()
    assert sit.stored(person) == {}
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("heading", name="This invitation was withdrawn")).to_be_visible()


def test_the_whole_way_by_keyboard(site, browser, person):
    with open_page(browser) as page:
        page.goto(site.url + person.path)
        page.get_by_role("button", name="Start").press("Enter")
        for number in range(1, 11):
            for item in sit.ITEMS[(number - 1) * 5 : number * 5]:
                page.locator(f"input[name=item-{item}]").first.press("Space")
                for _ in range(sit.HONEST[item] - 1):
                    page.keyboard.press("ArrowRight")
            page.get_by_role("button", name="Continue").press("Enter")
        page.get_by_role("button", name="Finish").press("Enter")
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert {item: row.value for item, row in sit.stored(person).items()} == sit.HONEST


def test_no_page_is_wider_than_a_small_phone(site, browser, client, person):
    sit.answer_all(client, person, {1: 3})
    with open_page(browser, 320, 640) as page:
        for path in ("", "/questions/1", "/finish"):
            page.goto(site.url + person.path + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
