"""When a press counts, and as what; and what can be reached while a round is played."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.instruments.robots import ready
from tests.services.browser import open_page
from tests.sittings import gaming
from tests.sittings import sitting as sit
from tests.sittings.browser_games import begin, due, practise, press
from tests.sittings.tapping import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.one_database]

TRY = """async () => {
  const { guard, press, turn } = await import("/static/games/touch.js");
  const button = document.createElement("button");
  button.id = "tried";
  button.textContent = "Answer";
  button.style.setProperty("position", "fixed");
  button.style.setProperty("inset", "100px 100px auto");
  button.style.setProperty("height", "100px");
  button.style.setProperty("touch-action", "manipulation");
  document.body.append(button);
  window.presses = [];
  window.turn = (on) => turn(button, on);
  guard();
  press(button, (at) => presses.push(at));
}"""
INSIDE, OUTSIDE = (195, 150), (195, 400)
OTHERS = """[...document.querySelectorAll("a[href], button, input, summary, [tabindex]")]
  .filter((one) => !one.closest(".game, [inert]") && !one.querySelector(".game"))
  .map((one) => one.textContent)"""
BUSY = """() => setTimeout(() => {
  const end = performance.now() + 600;
  window.began = performance.now();
  while (performance.now() < end);
}, 30)"""


@pytest.fixture
def phone(browser, site):
    """Any page of ours, with one button that games would have made."""
    with open_page(browser, **PHONE) as page:
        page.goto(f"{site.url}/login")
        page.evaluate(TRY)
        yield page


def touch(page: Page, kind: str, *points: tuple[int, int, int]) -> None:
    cdp: CDPSession = getattr(page, "cdp", None) or page.context.new_cdp_session(page)
    page.cdp = cdp
    fingers = [{"x": x, "y": y, "id": number} for x, y, number in points]
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def presses(page: Page) -> int:
    return page.evaluate("presses.length")


def test_a_press_counts_when_the_finger_is_lifted_within(phone):
    touch(phone, "touchStart", (*INSIDE, 0))
    assert presses(phone) == 0
    touch(phone, "touchEnd")
    assert presses(phone) == 1
    phone.locator("#tried").tap()
    assert presses(phone) == 2
    phone.mouse.click(*INSIDE)
    assert presses(phone) == 3


def test_a_finger_or_mouse_that_slides_off_presses_nothing(phone):
    phone.mouse.move(*INSIDE)
    phone.mouse.down()
    phone.mouse.move(*OUTSIDE)
    phone.mouse.up()
    phone.mouse.down()
    phone.mouse.move(*INSIDE)
    phone.mouse.up()
    touch(phone, "touchStart", (*INSIDE, 0))
    touch(phone, "touchMove", (*OUTSIDE, 0))
    touch(phone, "touchEnd")
    assert presses(phone) == 0


def test_a_second_finger_counts_while_the_first_is_down(phone):
    touch(phone, "touchStart", (*OUTSIDE, 0))
    touch(phone, "touchStart", (*OUTSIDE, 0), (*INSIDE, 1))
    touch(phone, "touchEnd", (*OUTSIDE, 0))
    touch(phone, "touchEnd")
    assert presses(phone) == 1


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_keys_and_what_has_no_pointer_press_once(phone, key):
    phone.locator("#tried").press(key)
    assert presses(phone) == 1
    phone.evaluate("document.getElementById('tried').click()")  # as assistive technology does
    assert presses(phone) == 2
    for _ in range(3):  # held down
        phone.keyboard.down("Enter")
    phone.keyboard.up("Enter")
    assert presses(phone) == 3


def test_a_press_that_began_while_the_button_was_off_never_counts(phone):
    phone.evaluate("turn(false)")
    touch(phone, "touchStart", (*INSIDE, 0))
    phone.evaluate("turn(true)")
    touch(phone, "touchEnd")
    assert presses(phone) == 0


def test_the_time_is_that_of_the_finger_however_busy_the_page_is(phone):
    phone.evaluate(BUSY)
    phone.wait_for_timeout(150)  # within the busy time, which is what is measured
    touch(phone, "touchStart", (*INSIDE, 0))
    touch(phone, "touchEnd")
    late = phone.evaluate("presses[0] - began")
    assert 0 < late < 500, "the press is timed when the page got round to it"


def test_nothing_but_the_game_can_be_reached_while_a_round_is_played(site, browser, client, world):
    person = sit.invite(world, assessment="switching")
    with open_page(browser, **PHONE) as page:
        begin(page, site, person)
        practise(page, person, "switching")
        first = due(person, "switching")[0]
        stop = page.get_by_role("link", name="Stop here")
        expect(stop).to_be_visible()
        press(page, "Start")
        ready(page, first)
        expect(stop).to_be_hidden()
        for _ in range(2):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.matches('.choice')")
        assert page.evaluate(OTHERS) == []
        left = page.locator(".choice").first
        before = left.bounding_box()
        handle = left.element_handle()
        left.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        expect(left).to_be_focused()
        assert handle.evaluate("one => one.isConnected")
        assert left.bounding_box() == before
        page.evaluate("window.dispatchEvent(new Event('blur'))")
        page.clock.fast_forward(5000)
        expect(page.get_by_text("You left this page during a trial.")).to_be_visible()
        page.clock.fast_forward(600)
        expect(stop).to_be_visible()
        stop.tap()
        page.wait_for_url(f"**{person.path}")
    assert len(gaming.stored(person, "switching")) >= 1
