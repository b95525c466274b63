"""Candidates' pages where something is missing: an answer that never comes, functions that older
browsers lack, storage that is switched off, and hints that are wrong."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.instruments.robots import ROBOTS
from tests.services.browser import open_page
from tests.services.processes import eventually
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.browser_games import PHONE as SMALL_PHONE
from tests.sittings.browser_games import begin, due, practise, press
from tests.sittings.sitting import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

PATIENCE_MS = 15_000

LACKING = {
    "all": "",
    "no AbortSignal.timeout": "delete AbortSignal.timeout",
    "no AbortController": "delete AbortSignal.timeout; delete window.AbortController",
}
NO_STORAGE = {
    "throws": "get() { throw new DOMException('denied', 'SecurityError'); }",
    "null": "get: () => null",
}
REFUSING = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { %s });
window.BroadcastChannel = function () { throw new DOMException("denied", "SecurityError"); };"""
OFFLINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })"
NO_DETAIL = "Object.defineProperty(UIEvent.prototype, 'detail', { get: () => 0 })"


@pytest.fixture
def phone(browser):
    with open_page(browser, 390, 844, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def person(client, world) -> Person:
    return sit.invite(world)


def questions(page: Page, site, person: Person) -> None:
    page.goto(site.url + person.path)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/questions/1*")


def label(page: Page, item: int, number: int):
    return page.locator(f"#q{item} .likert-option span").nth(number)


def hangs(page: Page, address: str, times: int = 1) -> list[str]:
    """The first requests get no answer, ever; the list grows with every request."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > times:
            route.continue_()

    page.route(re.compile(address), answer)
    return asked


@pytest.mark.parametrize("lacking", LACKING)
def test_an_answer_that_hangs_is_given_up_and_sent_again(site, phone, person, lacking):
    phone.add_init_script(LACKING[lacking])
    phone.clock.install()
    asked = hangs(phone, r"/answer$")
    questions(phone, site, person)
    label(phone, 1, 3).tap()
    expect(phone.get_by_text("Saving…")).to_be_visible()
    assert len(asked) == 1
    phone.clock.fast_forward(PATIENCE_MS + 100)
    expect(phone.get_by_text("No connection.")).to_be_visible()
    phone.clock.fast_forward(1100)
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    assert len(asked) == 2
    assert sit.stored(person)[1].value == 4


@pytest.mark.parametrize("lacking", LACKING)
def test_trials_that_hang_are_given_up_and_sent_again(site, browser, client, world, lacking):
    person = sit.invite(world, assessment="spotting")
    with open_page(browser, **SMALL_PHONE) as page:
        page.add_init_script(LACKING[lacking])
        begin(page, site, person)
        practise(page, person, "spotting")
        first, second = due(person, "spotting")[:2]
        asked = hangs(page, r"/trials$")
        press(page, "Start")
        ROBOTS["spotting"](page, first, True, False)
        ROBOTS["spotting"](page, second, True, False)
        expect(page.get_by_text("Saving…")).to_be_visible()
        page.clock.fast_forward(PATIENCE_MS + 100)
        expect(page.get_by_text("No connection.")).to_be_visible()
        page.clock.fast_forward(1100)
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        assert len(asked) >= 2
    kept = [one.trial_number for one in gaming.stored(person, "spotting")]
    assert kept[:2] == [first.number, second.number]


@pytest.mark.parametrize("address", [r"/state$", r"/spotting\.js"])
def test_a_game_whose_first_request_hangs_loads_in_the_end(site, browser, client, world, address):
    person = sit.invite(world, assessment="spotting")
    with open_page(browser, **SMALL_PHONE) as page:
        page.clock.install()
        asked = hangs(page, address)
        page.goto(site.url + person.path)
        page.get_by_role("button", name="Start").tap()
        page.wait_for_url("**/tasks/*", wait_until="commit")
        there = page.get_by_role("button", name="Try it out")
        assert eventually(lambda: page.clock.fast_forward(1000) or there.count())
        assert len(asked) == 2


def test_a_wrong_hint_about_the_connection_shuts_no_door(site, phone, person):
    phone.add_init_script(OFFLINE)
    questions(phone, site, person)
    for item in range(1, 6):
        label(phone, item, 2).tap()
    expect(phone.get_by_text("5 of 50")).to_be_visible()
    phone.get_by_role("button", name="Continue").tap()
    phone.wait_for_url("**/questions/2*")
    assert len(sit.stored(person)) == 5


def test_continue_goes_on_though_no_answer_can_be_sent_by_script(site, phone, person):
    """A blocker in the browser stops what scripts ask for, and the network is well."""
    questions(phone, site, person)
    phone.route(
        re.compile("/take/"),
        lambda route: route.continue_() if route.request.is_navigation_request() else route.abort(),
    )
    for item in range(1, 6):
        label(phone, item, 2).tap()
    expect(phone.get_by_text("No connection.")).to_be_visible()
    for _ in range(2):
        phone.get_by_role("button", name="Continue").tap()
        expect(phone.get_by_text("Some answers are not sent yet")).to_be_visible()
        assert phone.url.endswith("/questions/1")
        label(phone, 1, 2).tap()
    phone.get_by_role("button", name="Continue").tap()
    phone.wait_for_url("**/questions/2*")
    assert len(sit.stored(person)) == 5


def test_continue_waits_for_the_answer_on_its_way_without_request_submit(site, phone, person):
    phone.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    questions(phone, site, person)
    waiting: list[Route] = []
    phone.route(re.compile(r"/answer$"), lambda route: waiting.append(route))
    with phone.expect_request("**/answer"):
        for item in range(1, 6):
            label(phone, item, 2).tap()
    phone.get_by_role("button", name="Continue").tap()
    assert phone.url.endswith("/questions/1")
    waiting[0].continue_()
    phone.wait_for_url("**/questions/2*")
    assert len(sit.stored(person)) == 5


@pytest.mark.parametrize("kind", NO_STORAGE)
def test_questions_and_games_work_without_storage(site, browser, client, world, kind):
    person = sit.invite(world, assessment="work-style+ferry")
    with open_page(browser, **SMALL_PHONE) as page:
        page.add_init_script(REFUSING % NO_STORAGE[kind])
        questions(page, site, person)
        label(page, 1, 3).tap()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        sit.answer_all(client, person)
        sit.press(client, f"{person.path}/finish", f"{person.path}/finish")
        begin(page, site, person)
        practise(page, person, "ferry")
        trial = due(person, "ferry")[0]
        press(page, "Start")
        ROBOTS["ferry"](page, trial, True, False)
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert len(gaming.stored(person, "ferry")) == 1


def test_a_tap_on_the_words_goes_on_to_the_next_question_and_a_key_does_not(site, phone, person):
    phone.add_init_script(NO_DETAIL)  # as WebKit tells of a radio button by its label
    phone.emulate_media(reduced_motion="reduce")  # without gliding there
    questions(phone, site, person)
    label(phone, 1, 3).tap()
    box = phone.locator("#q2").bounding_box()
    below_head = 44  # half of .question's scroll-margin-top
    assert box["y"] + box["height"] / 2 == pytest.approx(844 / 2 + below_head, abs=2)
    phone.locator("input[name=item-4]").first.focus()
    before = phone.evaluate("scrollY")
    phone.keyboard.press("Space")
    phone.keyboard.press("ArrowDown")
    expect(phone.get_by_text("2 of 50")).to_be_visible()
    assert phone.evaluate("scrollY") == before
