"""What people do in a browser: by the names that they see or hear, never by markup."""

import re
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from eqsr.instruments.catalogue import assessments, instrument
from tests.services.browser import PATIENCE_MS, open_page
from tests.services.processes import eventually
from tools.demo_people import PASSWORD

INSTRUMENT = instrument(assessments()[0].instruments[0])
LABELS = {option.value: option.label for option in INSTRUMENT.options}
READING_MS = 1500


@contextmanager
def desk(browser: Browser, **options):
    """A desktop browser of one person."""
    with open_page(browser, **options) as page:
        yield page


@contextmanager
def phone(browser: Browser, **options):
    """A telephone of one person; its clock can be moved, so that reading takes no time here."""
    with open_page(browser, 390, 844, has_touch=True, is_mobile=True, **options) as page:
        yield page


def log_in(page: Page, email: str) -> None:
    page.get_by_label("Email", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(words).first).to_be_visible()


def reload_until(page: Page, wanted: Locator) -> None:
    """Reload a page that does not renew itself, until it shows what is awaited."""

    def shown() -> bool:
        if wanted.count():
            return True
        page.reload()
        return False

    assert eventually(shown, PATIENCE_MS / 1000)


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.first.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def answer_everything(page: Page, reads: bool) -> None:
    """Answer consistently and press Continue, until all is answered.

    ``reads``: the page's clock is moved on as if each statement was read; answers that come
    faster than anybody can read would rightly not be scored.
    """
    keyed = {item.text: item.keyed for item in INSTRUMENT.items}
    for first in range(0, len(INSTRUMENT.items), 5):
        for item in INSTRUMENT.items[first : first + 5]:
            if reads:
                page.clock.fast_forward(READING_MS)
            statement = page.get_by_role("group", name=item.text, exact=True)
            label = LABELS[4 if keyed[item.text] == 1 else 2]
            statement.get_by_role("radio", name=label, exact=True).check()
        press(page, "Continue")
    says(page, f"All {len(INSTRUMENT.items)} questions are answered")


def has_no_sideways_scrolling(page: Page) -> None:
    page.wait_for_load_state()  # a button may have led to a page that is still coming
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is {width} px wider than the screen"
