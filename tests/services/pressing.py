"""A button whose form gets no answer, pressed again as the page asks for."""

import re

from playwright.sync_api import Page, expect

from tests.services.hanging import Fate, HangingNetwork
from tests.services.processes import eventually

# The page's patience is mocked where its clock can't be moved: Playwright waits for a page that is
# under way.
HURRIED = """(() => {
  const { setTimeout } = window, hurried = { 10000: 800, 15000: 800 };
  window.setTimeout = (act, ms, ...given) => setTimeout(act, hurried[ms] ?? ms, ...given);
})()"""
SLOW = "There is no answer yet. Check your connection and try again."

PRESSES_AGAIN = """([name, sentence]) => {
  const region = document.getElementById("live-region");
  const buttons = [...document.querySelectorAll("button")];
  new MutationObserver((_, watching) => {
    if (region.textContent !== sentence) return;
    watching.disconnect();
    const busy = document.querySelectorAll("[data-busy], .is-busy").length;
    const seen = region.getClientRects().length;
    sessionStorage.setItem("was told", `${name}: ${busy} busy, ${seen} seen`);
    buttons.find((one) => one.textContent.trim() === name).click();
  }).observe(region, { childList: true });
}"""


def in_vain(page: Page, network: HangingNetwork, name: str, action: str, fate=Fate.SWALLOWED):
    """Press a button whose form gets no answer: the page says so, and pressed again it works.

    The second press is the page's own: while a page is under way, the browser tells a driver
    nothing of the one that is still there.
    """
    page.evaluate(PRESSES_AGAIN, [name, SLOW])
    network.hang(f"POST .*{action}$", fate, times=1)
    page.get_by_role("button", name=name, exact=True).click(no_wait_after=True)
    assert eventually(lambda: network.met and network.met[-1].endswith(action))


def arrives(page: Page, path: str, name: str) -> None:
    """The page is there, after the button was pressed in vain and then again."""
    expect(page).to_have_url(re.compile(path))
    page.wait_for_load_state()
    assert page.evaluate("sessionStorage.getItem('was told')") == f"{name}: 0 busy, 1 seen"
