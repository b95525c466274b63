"""``make screenshots``: a picture of every page and mail, on a phone and a desktop, light and dark.

They go to build/screenshots, with an index.html to look through them.
"""

import shutil
import sys
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from playwright.sync_api import Page

from tests.services.browser import chromium
from tools.demo import ROOT, DemoFailed, running_demo
from tools.screenshots_walk import walk

FOLDER = ROOT / "build" / "screenshots"
WIDTHS = {390: 844, 1280: 800}
SCHEMES = ("light", "dark")


@dataclass
class Camera:
    """Takes four pictures of whatever a page shows, and remembers what it took."""

    folder: Path
    taken: list[tuple[str, str]] = field(default_factory=list)
    wide_pages: list[str] = field(default_factory=list)

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """``name`` is part of the file names; not ``whole``: only what a screen shows at once."""
        self.taken.append((name, title))
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if whole:  # a place scrolled to would hide behind what sticks to the top
                    page.evaluate("scrollTo(0, 0)")
                path = self.folder / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=whole, animations="disabled")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                self.wide_pages.append(f"{name} at {width}: {over} px too wide")
        page.emulate_media(color_scheme="light")

    def write_index(self) -> None:
        rows = "\n".join(_row(name, title) for name, title in self.taken)
        (self.folder / "index.html").write_text(INDEX.replace("ROWS", rows))


INDEX = """<!doctype html>
<meta charset="utf-8">
<title>Every page of eqsr</title>
<style>
  body { font: 16px system-ui; margin: 2rem; background: #e8e8e8; }
  div { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto; }
  img { border: 1px solid #999; }
  img.small { width: 195px; } img.large { width: 640px; }
</style>
<h1>Every page of eqsr</h1>
ROWS
"""


def _row(name: str, title: str) -> str:
    images = "".join(
        f'<a href="{name}-{width}-{scheme}.png"><img class="{"small" if width < 500 else "large"}"'
        f' src="{name}-{width}-{scheme}.png" alt="{width} px, {scheme}" loading="lazy"></a>'
        for width in WIDTHS
        for scheme in SCHEMES
    )
    return f"<h2>{escape(title)}</h2>\n<div>{images}</div>"


def main() -> int:
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    camera = Camera(FOLDER)
    try:
        with running_demo() as demo, chromium() as browser:
            walk(browser, demo, camera)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        camera.write_index()
    number = len(camera.taken) * len(WIDTHS) * len(SCHEMES)
    print(f"{number} pictures of {len(camera.taken)} pages, in {time.monotonic() - started:.0f} s.")
    print(f"Look at {(FOLDER / 'index.html').relative_to(ROOT)}.")
    for problem in camera.wide_pages:
        print(f"Scrolls sideways: {problem}", file=sys.stderr)
    return 1 if camera.wide_pages else 0


if __name__ == "__main__":
    sys.exit(main())
