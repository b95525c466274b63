"""Takes the pictures and adds them to an index."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = {390: 844, 1280: 800}
SCHEMES = ("light", "dark")


@dataclass
class Camera:
    """Takes four pictures of the page shown, and remembers their names."""

    folder: Path
    taken: list[tuple[str, str, list[str]]] = field(default_factory=list)
    wide_pages: list[str] = field(default_factory=list)

    def shoot(self, page: Page, name: str, title: str, whole: bool = True) -> None:
        """Take the pictures.

        ``name``: part of the file names. ``whole``: the whole page, or only what fits on the
        screen.
        """
        files = []
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if whole:  # sticky elements would cover the top of a place that was scrolled to
                    page.evaluate("scrollTo(0, 0)")
                files.append(f"{name}-{width}-{scheme}.png")
                path = self.folder / files[-1]
                page.screenshot(path=path, full_page=whole, animations="disabled")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                self.wide_pages.append(f"{name} at {width}: {over} px too wide")
        page.emulate_media(color_scheme="light")
        self.taken.append((name, title, files))

    def print(self, pdf: bytes, name: str, title: str) -> None:
        """Save a picture of each sheet, or the PDF if the package pypdfium2 is missing."""
        try:
            from pypdfium2 import PdfDocument
        except ImportError:
            (self.folder / f"{name}.pdf").write_bytes(pdf)
            return
        files = []
        for number, sheet in enumerate(PdfDocument(pdf), start=1):
            files.append(f"{name}-{number}.png")
            sheet.render(scale=1.25).to_pil().save(self.folder / files[-1])
        self.taken.append((name, title, files))

    @property
    def pictures(self) -> int:
        return sum(len(files) for _, _, files in self.taken)

    def write_index(self) -> None:
        rows = "\n".join(_row(title, files) for _, title, files in self.taken)
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


def _row(title: str, files: list[str]) -> str:
    images = "".join(
        f'<a href="{file}"><img class="{"large" if "-1280-" in file else "small"}"'
        f' src="{file}" alt="{file}" loading="lazy"></a>'
        for file in files
    )
    return f"<h2>{escape(title)}</h2>\n<div>{images}</div>"
