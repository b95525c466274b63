"""Shared parts of the walk: the browser, the demo, the camera, and actions on pages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tools.demo import Demo
from tools.demo_people import PASSWORD
from tools.screenshots.sandbox import Sandbox

PATIENCE_MS = 60_000
JOB = "Warehouse team leads"
# Render content that is laid out only near the screen (content-visibility).
SHOW_ALL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


@dataclass
class Seen:
    """What the walk has shown: paths of our pages, and names of pictures."""

    paths: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass
class Studio:
    """``camera`` is None while a part is walked without pictures.

    ``known``: what one part leaves for later ones (people, links, the credential).
    """

    browser: Browser
    demo: Demo
    box: Sandbox
    camera: Any = None
    seen: Seen = field(default_factory=Seen)
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.demo.web_url

    @contextmanager
    def window(self, role: str = "", **options: Any) -> Iterator[Page]:
        """Open a browser window with its own cookies, logged in as ``role`` if one is given."""
        context = self.browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        if role:
            self.log_in(page, role)
        yield page
        context.close()

    def log_in(self, page: Page, role: str) -> None:
        page.goto(f"{self.url}/login")
        page.get_by_label("Email", exact=True).fill(self.demo.logins[role])
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Log in")

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """Take four pictures of the current page; see Camera."""
        self.seen.names.add(name)
        if page.url.startswith(self.url):
            self.seen.paths.add(urlsplit(page.url).path)
        if self.camera:
            page.evaluate(SHOW_ALL)
            self.camera.shoot(page, name, title, whole)

    def print(self, pdf: bytes, name: str, title: str) -> None:
        """Take a picture of each sheet of a PDF."""
        self.seen.names.add(name)
        if self.camera:
            self.camera.print(pdf, name, title)

    def backstage(self, *arguments: str) -> Any:
        """Create a state that would take days; see backstage.py."""
        return json.loads(self.demo.python("-m", "tools.screenshots.backstage", *arguments))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def says(page: Page, words: str) -> None:
    """Wait until the page shows these words."""
    page.get_by_text(words).first.wait_for()
