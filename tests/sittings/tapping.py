"""Walks through a game by touch alone, tapping where a hurried thumb would: every answer at every
height, twice in a row, with two fingers, held too long, and anywhere on the screen."""

import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

from playwright.sync_api import CDPSession, Page

WIDTH, HEIGHT = 390, 844
PHONE = {"width": WIDTH, "height": HEIGHT, "has_touch": True, "is_mobile": True}
HEIGHTS = (0.04, 0.15, 0.27, 0.39, 0.5, 0.61, 0.73, 0.85, 0.96)
ODD = ("random", "double", "two fingers", "held", "swipe", "random twice")

# Which click would leave the game though the tap began in a round, or right after its end, where a
# second tap still falls? Clicks on links go no further, so that the walk can go on.
WATCH = """
window.walk = { left: [], mark: Math.random() };
(() => {
  let playing = false, ended = -Infinity, down = null;
  const look = () => {
    const now = Boolean(document.querySelector(".game-on"));
    if (playing && !now) ended = performance.now();
    playing = now;
  };
  const all = { subtree: true, childList: true, attributes: true };
  new MutationObserver(look).observe(document, all);
  addEventListener("pointerdown", ({ clientX, clientY }) => {
    down = { inRound: playing || performance.now() - ended < 300, place: [clientX, clientY] };
  }, true);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    event.preventDefault();
    if (down?.inRound) walk.left.push(`${link.textContent.trim()} at ${down.place}`);
  });
})();
"""

LOOK = """() => {
  const boxes = (query) => [...document.querySelectorAll(query)].map((one) => {
    const box = one.getBoundingClientRect();
    return { x: box.x, y: box.y, width: box.width, height: box.height, name: one.textContent.trim(),
      top: box.y + scrollY, shown: getComputedStyle(one).visibility === "visible" && box.width > 0,
      off: one.disabled || one.getAttribute("aria-disabled") === "true" };
  }).filter((one) => one.shown);
  return {
    playing: Boolean(document.querySelector(".game-on")), mark: window.walk?.mark,
    trial: document.querySelector(".game-stage")?.dataset.trial,
    open: Boolean(document.querySelector(".game-stage.is-open")),
    done: boxes(".game-stage a").some((one) => one.name === "Continue"),
    choices: boxes(".game-on .choice"),
    answers: boxes(
      ".game-on .choice, .digit-key, .block, .answer, .thing, .game-on .game-stage .button"),
    ways: boxes(".game-screen .game-actions .button, .game-verdict .button"),
  };
}"""


class Walk:
    """A sitting's walk through one game; ``page`` shows the game's first screen."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.rng = random.Random(seed)
        self.sent: list[dict[str, Any]] = []
        self.tapped: dict[str, set[float]] = defaultdict(set)
        self.places: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._next = self._spots()
        page.on("request", self._note)

    def go(self, taps: int) -> None:
        """Tap answers so many times, or until the game is over; nothing may leave it."""
        url, mark = self.page.url, self.page.evaluate("walk.mark")
        done, idle = 0, 0
        while done < taps:
            seen = self.page.evaluate(LOOK)
            assert seen["mark"] == mark, f"the page was left for {self.page.url}"
            if seen["done"]:
                break
            idle += 1
            assert idle < 400, f"nothing to tap: {self.page.locator('main').inner_text()}"
            if not seen["open"]:
                self._go_on(seen)
            elif answers := [one for one in seen["answers"] if not one["off"]]:
                self._keep_places(seen)
                self._answer(answers)
                done, idle = done + 1, 0
            self.page.clock.fast_forward(self.rng.choice((50, 300, 700)))
        left = self.page.evaluate("walk.left")
        assert not left, f"taps left the game: {left}"
        assert self.page.url == url
        self._once_each()

    def _answer(self, answers: list[dict]) -> None:
        number, height = next(self._next)
        box = answers[number % len(answers)]
        x, y = self._seen_at(box, height)
        self.tapped[box["name"]].add(height)
        self._tap(x, y)
        odd = self.rng.choice(ODD) if self.rng.random() < 0.6 else ""
        if odd == "double":
            self._tap(x, y)
        elif odd == "two fingers":
            self._touch([(x, y), (WIDTH - x, y)])
        elif odd == "held":
            self._touch([(x, y)], hold_ms=self.rng.choice((120, 450, 900)))
        elif odd == "swipe":
            self._swipe(x, y)
        else:
            for _ in range({"": 0, "random": 1, "random twice": 2}[odd]):
                self._tap(self.rng.uniform(1, WIDTH - 1), self.rng.uniform(1, HEIGHT - 1))

    def _go_on(self, seen: dict) -> None:
        """From a screen between rounds to the next; its first button is the way."""
        if ways := [one for one in seen["ways"] if not one["off"]]:
            self._tap(*self._seen_at(ways[0], 0.5))

    def _seen_at(self, box: dict, height: float) -> tuple[float, float]:
        """A point so far down in the box, after scrolling to where it is seen."""
        if not 0 < box["y"] + box["height"] * height < HEIGHT:
            self.page.evaluate("y => scrollTo(0, y)", box["top"] - HEIGHT / 2)
            box = box | {"y": box["top"] - self.page.evaluate("scrollY")}
        x = box["x"] + box["width"] * self.rng.uniform(0.1, 0.9)
        return x, box["y"] + box["height"] * height

    def _tap(self, x: float, y: float) -> None:
        self._touch([(x, y)])

    def _touch(self, points: list[tuple[float, float]], hold_ms: int = 0) -> None:
        """Fingers come down together and are lifted together, maybe after the page went on."""
        self._send("touchStart", points)
        if hold_ms:
            self.page.clock.fast_forward(hold_ms)
        self._send("touchEnd", [])

    def _swipe(self, x: float, y: float) -> None:
        self._send("touchStart", [(x, y)])
        for step in range(1, 6):
            self._send("touchMove", [(x, max(1.0, y - 30 * step))])
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[tuple[float, float]]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    def _spots(self) -> Iterator[tuple[int, float]]:
        """Which answer next, and how far down in it: all pairs, in an order of this sitting's."""
        while True:
            pairs = list(product(range(12), HEIGHTS))
            self.rng.shuffle(pairs)
            yield from pairs

    def _keep_places(self, seen: dict) -> None:
        for number, box in enumerate(seen["choices"]):
            self.places[box["name"], number].add(round(box["top"]))

    def _note(self, request) -> None:
        if request.url.endswith("/trials") and request.method == "POST":
            self.sent.extend(request.post_data_json["responses"])

    def _once_each(self) -> None:
        """Each trial has one answer: one that was sent again is the same."""
        answers = {}
        for one in self.sent:
            assert answers.setdefault(one["trial_number"], one) == one
        assert list(answers) == sorted(answers)
        moved = {name: tops for name, tops in self.places.items() if max(tops) - min(tops) > 1}
        assert not moved, f"answers changed their places: {moved}"
