"""Plays the games in a browser, by touch or by keyboard alone, knowing the right answers."""

from collections.abc import Callable
from weakref import WeakSet

from playwright.sync_api import Locator, Page, expect

from eqsr.instruments.tasks import Trial
from eqsr.instruments.tasks.ferry_analysis import analyse
from eqsr.instruments.tasks.ferry_puzzle import Puzzle

WAITING_MS = 400
SETTLE_MS = 510

_hanging: WeakSet[Page] = WeakSet()

Play = Callable[[Page, Trial, bool, bool], None]
"""Page, trial, whether to be right, whether to use the keyboard alone."""


def digit_span(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial)
    digits = trial.key["answer"] if right else [trial.key["answer"][0]] * 2
    for digit in digits:
        if keyboard:
            page.keyboard.press(str(digit))
        else:
            page.get_by_role("button", name=str(digit), exact=True).click()
    press(page, "Done", keyboard, key="Enter")


def block_span(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial)
    for place in trial.key["answer"] if right else trial.key["answer"][:1]:
        block = page.get_by_role("button", name=f"Block {place}")
        if keyboard:
            block.focus()
            page.keyboard.press("Enter")
        else:
            block.click()
    press(page, "Done", keyboard)


def n_back(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial)
    if trial.key["answer"] == right:
        if keyboard:
            page.keyboard.press("Space")
        else:
            page.get_by_role("button", name="Same").click()


def ferry(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial, 15_000)
    if not right:
        press(page, "Leave this puzzle", keyboard)
        press(page, "Leave this puzzle", keyboard)
        return
    for load in analyse(Puzzle.from_dict(trial.show)).path:
        for thing in load:
            one = page.locator(f'[data-thing="{thing}"]')
            if keyboard:
                one.focus()
                page.keyboard.press("Enter")
            else:
                one.click()
        press(page, "Cross" if load else "Cross empty", keyboard)
    press(page, "Next", keyboard)


def matrix(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    number = (trial.key["answer"] + (not right)) % 8 + 1
    ready(page, trial, 6000)
    if keyboard:
        page.keyboard.press(str(number))
        page.keyboard.press("Enter")
    else:
        page.locator(".answer").nth(number - 1).click()
        press(page, "Choose", keyboard)


def spotting(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial)
    answer = (trial.key["answer"] == "yes") == right
    if keyboard:
        page.keyboard.press("ArrowLeft" if answer else "j")
    else:
        page.get_by_role("button", name="Yes" if answer else "No", exact=True).click()


def switching(page: Page, trial: Trial, right: bool, keyboard: bool) -> None:
    ready(page, trial)
    left = (trial.key["answer"] == "left") == right
    if keyboard:
        page.keyboard.press("f" if left else "ArrowRight")
    else:
        page.locator(".choice").nth(0 if left else 1).click()


ROBOTS: dict[str, Play] = {
    "digit-span": digit_span,
    "block-span": block_span,
    "n-back": n_back,
    "ferry": ferry,
    "matrix": matrix,
    "spotting": spotting,
    "switching": switching,
}


def ready(page: Page, trial: Trial, thinking_ms: int = 700) -> None:
    """Move the page's clock on until an answer to this trial is taken, and a little further, as if
    somebody thought."""
    pass_time(page, page.locator(f'.game-stage.is-open[data-trial="{trial.number}"]'))
    _move_on(page, thinking_ms)


def pass_time(page: Page, until: Locator) -> None:
    """Move the page's clock on until something is there."""
    for _ in range(60):
        if until.count():
            return
        _move_on(page, WAITING_MS)
    raise AssertionError(f"{until} does not come: {page.locator('main').inner_text()}")


def expect_hanging(page: Page) -> None:
    """Move this page's clock on while it waits for an answer, from now on: none will come."""
    _hanging.add(page)


def _move_on(page: Page, ms: int) -> None:
    """Move the page's clock on. What is being sent arrives first: a server that is slow on a busy
    machine would use up the page's patience in a moment."""
    if page not in _hanging:
        expect(page.locator(".game-saved")).not_to_have_text("Saving…")
    page.clock.fast_forward(ms)


def settle(page: Page, button: Locator) -> None:
    """Move the page's clock past the moment in which a new button takes no tap."""
    if "is-settling" in (button.get_attribute("class") or ""):
        page.clock.fast_forward(SETTLE_MS)


def press(page: Page, name: str, keyboard: bool, key: str = "") -> None:
    """Press a button, by its own key where it has one."""
    button = page.get_by_role("button", name=name, exact=True)
    if not keyboard:
        settle(page, button)
        button.click()
    elif key:
        page.keyboard.press(key)
    else:
        button.focus()
        page.keyboard.press("Enter")
