"""A hand at a browser that WebDriver drives: it taps, types and waits for what a person sees."""

from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 30
SEEN = """const [words, query] = arguments;
return [...document.querySelectorAll(query)].filter((one) =>
  one.getClientRects().length && getComputedStyle(one).visibility === "visible"
  && (one.getAttribute("aria-label") || one.textContent || "").replace(/\\s+/g, " ").trim()
    .startsWith(words));"""
MIDDLE = """const one = arguments[0];
one.scrollIntoView({ block: "center", behavior: "instant" });
const box = one.getBoundingClientRect();
return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];"""

# A page that glides or changes while it is looked at.
PASSING = [StaleElementReferenceException, ElementClickInterceptedException]


class Hand:
    """``driver`` shows the page; waiting ends when what is waited for is there."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver
        self._finger = PointerInput(POINTER_TOUCH, "finger")
        self._places: list[float] = []

    def opens(self, url: str) -> None:
        self.driver.get(url)

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """The first truthy answer of ``condition``; raises with what the page shows instead."""
        wait = WebDriverWait(
            self.driver,
            PATIENCE_S,
            0.05,
            ignored_exceptions=[StaleElementReferenceException, ElementClickInterceptedException],
        )
        return wait.until(lambda _: condition(), _Shown(self.driver, what))

    def is_still(self) -> bool:
        """Whether the page has not moved since the last two calls: a click on a page that glides
        lands somewhere else."""
        self._places = [*self._places[-2:], self.run("return scrollY")]
        return len(self._places) == 3 and len(set(self._places)) == 1

    def sees(self, words: str, query: str = "main *, dialog *") -> WebElement:
        """Wait for an element whose text (or label) begins with these words."""
        return self.until(lambda: self._all(words, query), f"{words!r} in {query}")[-1]

    def arrives(self, path: str) -> None:
        """Wait until the address holds this and the page's scripts have run."""
        self.until(
            lambda: (
                path in self.driver.current_url
                and self.run("return document.readyState") == "complete"
            ),
            path,
        )

    def taps(self, words: str, query: str = "button, a, label, summary") -> None:
        self.touches(self.sees(words, query))

    def touches(self, element: WebElement) -> None:
        """Touch an element's middle with a finger."""
        x, y = self.run(MIDDLE, element)
        actions = ActionBuilder(self.driver, mouse=self._finger)
        actions.pointer_action.move_to_location(x, y).pointer_down().pointer_up()
        actions.perform()

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def types(self, name: str, text: str) -> None:
        """Write into the field of this name."""
        field = self.until(lambda: self.driver.find_elements(By.NAME, name), name)[0]
        field.clear()
        field.send_keys(text)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def _all(self, words: str, query: str) -> list[WebElement]:
        return self.driver.execute_script(SEEN, words, query)


class _Shown:
    """Says what the page shows, only when somebody asks."""

    def __init__(self, driver: WebDriver, what: str) -> None:
        self.driver, self.what = driver, what

    def __str__(self) -> str:
        page = self.driver.find_element(By.TAG_NAME, "body").text
        return f"{self.what} does not come at {self.driver.current_url}:\n{page[:2000]}"
