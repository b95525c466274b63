"""Every page of the walk that ``make screenshots`` takes, judged by axe-core in both schemes."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = {390: 844, 1280: 800}
SCHEMES = ("light", "dark")
# Best practices too: what a page of ours is measured by is more than the letter of WCAG 2.2 AA.
OPTIONS = {"resultTypes": ["violations"]}


@dataclass
class Inspector:
    """Stands where the camera would (tools.screenshots.Camera)."""

    problems: list[str] = field(default_factory=list)
    pages: int = 0

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """Note what axe finds on ``page``; ``name`` says which one it is."""
        self.pages += 1
        found: dict[str, str] = {}
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                for violation in _violations(page):
                    found.setdefault(violation, f"{width} px, {scheme}")
        page.emulate_media(color_scheme="light")
        self.problems += [f"{title} ({name}, {where}): {what}" for what, where in found.items()]


def _violations(page: Page) -> list[str]:
    answer = Axe().run(page, options=OPTIONS).response
    return [
        f"{violation['id']}: {violation['help']} at {node['target']} "
        f"{' '.join(check['message'] for check in node['any'][:1])}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
