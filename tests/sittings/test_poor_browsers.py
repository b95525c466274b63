"""Candidates' pages where something is missing: an answer that never comes, functions that older
browsers lack, storage that is switched off, and hints that are wrong."""

import re

import pytest
from playwright.sync_api import Error, Page, Route, expect

from eqsr.invitations.models import InvitationState
from tests.instruments.robots import ROBOTS, expect_hanging
from tests.services.browser import open_page
from tests.services.processes import eventually
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.browser_games import (
    GAMES,
    begin,
    due,
    play_some,
    practise,
    press,
    rest_by_http,
    start,
)
from tests.sittings.browser_games import PHONE as SMALL_PHONE
from tests.sittings.sitting import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

PATIENCE_MS = 15_000

LACKING = {
    "all": "",
    "no AbortSignal.timeout": "delete AbortSignal.timeout",
    "no AbortController": "delete AbortSignal.timeout; delete window.AbortController",
}
# Everything that some browser lacked that candidates used in the last years.
OLD = """
for (const [owner, names] of [
  [AbortSignal, ["timeout", "any"]],
  [AbortSignal.prototype, ["throwIfAborted", "reason"]],
  [window, ["structuredClone", "BroadcastChannel", "scheduler", "requestIdleCallback"]],
  [Crypto.prototype, ["randomUUID", "subtle"]],
  [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "with"]],
  [String.prototype, ["at", "replaceAll", "matchAll", "trimEnd", "isWellFormed", "toWellFormed"]],
  [Object, ["hasOwn", "groupBy", "fromEntries"]],
  [Promise, ["any", "allSettled", "withResolvers", "try"]],
  [HTMLFormElement.prototype, ["requestSubmit"]],
  [HTMLDialogElement.prototype, ["show", "showModal", "close"]],
  [HTMLElement.prototype, ["inert", "popover", "showPopover", "hidePopover"]],
  [Element.prototype, ["checkVisibility", "scrollIntoViewIfNeeded", "getHTML", "setHTMLUnsafe"]],
  [Navigator.prototype, ["sendBeacon", "locks", "connection", "clipboard", "share", "onLine"]],
  [MediaQueryList.prototype, ["addEventListener", "removeEventListener"]],
  [SubmitEvent.prototype, ["submitter"]],
  [PointerEvent.prototype, ["getCoalescedEvents", "getPredictedEvents"]],
  [Document.prototype, ["startViewTransition", "moveBefore"]],
]) for (const name of names) delete owner[name];
Element.prototype.setPointerCapture = () => { throw new DOMException("no", "NotFoundError"); };
"""
FULL = """for (const storage of [localStorage, sessionStorage]) {
  storage.clear();
  for (let size = 4 << 20; size >= 1; size >>= 1) {
    const text = "x".repeat(size);
    try { for (let i = 0; ; i += 1) storage.setItem(`x${size}-${i}`, text); } catch { /* full */ }
  }
}"""
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
        expect_hanging(page)
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


@pytest.mark.parametrize("lacking", [OLD, FULL], ids=["old", "storage full"])
def test_all_is_answered_and_saved_in_an_old_browser(site, browser, client, world, lacking):
    """By touch, a page of questions and some trials of every game; the rest by HTTP."""
    person = sit.invite(world, assessment="+".join(["work-style", *GAMES]))
    with open_page(browser, **SMALL_PHONE) as page:
        page.add_init_script(lacking)
        page.clock.install()
        questions(page, site, person)
        with pytest.raises(Error, match=r"quota|is not defined"):
            page.evaluate("localStorage.setItem('more', 'x'); structuredClone({})")
        for item in range(1, 6):
            label(page, item, sit.HONEST[item] - 1).tap()
        expect(page.get_by_text("5 of 50")).to_be_visible()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        assert len(sit.stored(person)) == 5
        page.get_by_role("button", name="Continue").tap()
        page.wait_for_url("**/questions/2*")
        for number in range(2, 11):
            sit.answer_page(client, person, number)
        page.goto(f"{site.url}{person.path}/finish")
        page.get_by_role("button", name="Finish").tap()
        for game in GAMES:
            start(page)
            gaming.long_ago(person)  # the page's clock will run ahead of the server's
            practise(page, person, game)
            play_some(page, person, game, keyboard=False)
            rest_by_http(client, person, game)
            page.reload()
            press(page, "Go on")
            page.get_by_role("link", name="Continue").press("Enter")
            page.wait_for_url(re.compile(f"{person.path}(/done)?$"))
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert sit.invitation(person).state == InvitationState.COMPLETED


@pytest.mark.parametrize("trouble", ["hangs", "is not understood"])
def test_a_game_whose_script_does_not_come_says_so(site, browser, client, world, trouble):
    """Without any script's help: none may have come."""
    person = sit.invite(world, assessment="spotting")
    with open_page(browser, **SMALL_PHONE, expected=("Uncaught", "Failed")) as page:
        page.goto(site.url + person.path)
        page.route(
            re.compile(r"/outbox\.js"),
            lambda route: route.fulfill(status=404) if trouble != "hangs" else None,
        )
        page.get_by_role("button", name="Start").tap(no_wait_after=True)
        page.wait_for_url("**/tasks/*", wait_until="commit")
        late = page.get_by_text("The game has not started yet.")
        expect(late).to_have_count(1)
        expect(late).to_be_hidden()
        page.evaluate("document.getAnimations().forEach((one) => one.finish())")
        expect(late).to_be_visible()
