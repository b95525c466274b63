"""Every page of the walk that ``make screenshots`` takes, judged by axe-core in both schemes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

# A phone by day and a desktop by night: each width and each scheme once, as axe is slow.
SHOWN = ((390, 844, "light"), (1280, 800, "dark"))
# Best practices too: what a page of ours is measured by is more than the letter of WCAG 2.2 AA.
OPTIONS = {"resultTypes": ["violations"]}
MAILS = "/mail/"  # of the sandbox


@dataclass
class Inspector:
    """Stands where the camera would (tools.screenshots.camera)."""

    problems: list[str] = field(default_factory=list)
    pages: int = 0

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """Note what axe finds on ``page``; ``name`` says which one it is."""
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
        """Paper is no page."""


@contextmanager
def _with_scripts(page: Page) -> Iterator[Page]:
    """The page, or a copy of a mail: the sandbox forbids mails scripts, and axe is one."""
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
    except Error:  # the page was still on its way to another
        page.wait_for_load_state("load")
        answer = Axe().run(page, options=OPTIONS).response
    return [
        f"{violation['id']}: {violation['help']} at {node['target']} "
        f"{' '.join(check['message'] for check in node['any'][:1])}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
