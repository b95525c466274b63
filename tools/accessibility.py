"""Checks every page that ``make screenshots`` visits with axe-core, in both colour schemes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

# A light phone and a dark desktop cover each width and scheme once; axe is slow.
SHOWN = ((390, 844, "light"), (1280, 800, "dark"))
# Best practices too: our pages should meet more than the letter of WCAG 2.2 AA.
OPTIONS = {"resultTypes": ["violations"]}
MAILS = "/mail/"  # mail pages of the sandbox


@dataclass
class Inspector:
    """Takes the camera's place (tools.screenshots.camera) and checks pages instead."""

    problems: list[str] = field(default_factory=list)
    pages: int = 0

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """Record what axe finds on ``page``; ``name`` identifies the page in the report."""
        self.pages += 1
        found: dict[str, str] = {}
        with _with_scripts(page) as judged:
            for width, height, scheme in SHOWN:
                judged.set_viewport_size({"width": width, "height": height})
                judged.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                for violation in _violations(judged):
                    found.setdefault(violation, f"{width} px, {scheme}")
        page.emulate_media(color_scheme="light")
        self.problems += [f"{title} ({name}, {where}): {what}" for what, where in found.items()]

    def print(self, pdf: bytes, name: str, title: str) -> None:
        """Do nothing: printed sheets are not web pages."""


@contextmanager
def _with_scripts(page: Page) -> Iterator[Page]:
    """Yield the page, or a copy of a mail: the sandbox forbids scripts in mails, and axe is one."""
    if not urlsplit(page.url).path.startswith(MAILS):
        yield page
        return
    copy = page.context.new_page()
    copy.set_content(page.content())
    yield copy
    copy.close()


def _violations(page: Page) -> list[str]:
    try:
        answer = Axe().run(page, options=OPTIONS).response
    except Error:  # the page was still navigating to another
        page.wait_for_load_state("load")
        answer = Axe().run(page, options=OPTIONS).response
    return [
        f"{violation['id']}: {violation['help']} at {node['target']} "
        f"{' '.join(check['message'] for check in node['any'][:1])}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
