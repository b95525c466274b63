"""Elements on A4, as a PDF that a screen reader can read: headings, paragraphs and described bars
are tagged, and the document says its title and language.

fpdf2 has no public call for tags other than figures, so its own bookkeeping of them is used here,
and its version is pinned.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF

from eqsr.extras.reports.elements import Bar, Bullets, Element, FactList, Heading, Notice, Text

# It tells of every table of a font that it cuts down.
logging.getLogger("fontTools").setLevel(logging.WARNING)

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSans_400Regular.ttf", "NotoSans_600SemiBold.ttf"
MISSING = "\N{REPLACEMENT CHARACTER}"

INK, MUTED, LINE, SUNKEN, ACCENT, BAND = (
    (35, 33, 30),
    (89, 84, 76),
    (214, 209, 200),
    (244, 242, 238),
    (58, 84, 196),
    (176, 187, 231),
)
MARGIN, BOTTOM = 20.0, 22.0
# Points of type and millimetres of line, by level of heading; then of what else there is.
SIZES = {1: (22, 10), 2: (15, 7.5), 3: (12.5, 6.5), 4: (11, 5.6)}
BEFORE = {1: 0.0, 2: 8.0, 3: 6.0, 4: 5.0}
BODY, BODY_LINE = 9.5, 4.9
TERM_WIDTH = 38.0


@cache
def letters() -> frozenset[int]:
    """The letters that the fonts have, as code points."""
    with TTFont(FONTS / REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text on one line, with a mark for each letter that the fonts do not have."""
    plain = " ".join(text.split())
    return "".join(one if ord(one) in letters() else MISSING for one in plain)


def paper(
    elements: Sequence[Element], *, title: str, footer: str, language: str, made: datetime
) -> bytes:
    """The elements as a PDF. ``footer`` stands on every page, with its number."""
    sheet = _Sheet(footer)
    sheet.set_title(title)
    sheet.set_lang(language)
    sheet.set_creation_date(made)
    sheet.add_page()
    for element in elements:
        sheet.draw(element)
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, footer: str) -> None:
        super().__init__(format="A4")
        self.add_font("Noto", "", FONTS / REGULAR)
        self.add_font("Noto", "B", FONTS / BOLD)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self._foot = footer

    def footer(self) -> None:
        """On every page, and told by no screen reader."""
        self._out("/Artifact BMC")
        self._type("", 8, MUTED)
        self.set_xy(MARGIN, self.h - 14)
        self.cell(self.epw - 20, 4, printable(self._foot))
        self.cell(20, 4, str(self.page_no()), align="R")
        self._out("EMC")

    def draw(self, element: Element) -> None:
        match element:
            case Heading(level, text):
                self._heading(level, text)
            case Text(text, tone):
                self._paragraph(text, tone)
            case Notice(title, text):
                self._notice(title, text)
            case Bullets(items):
                for item in items:
                    self._item(item)
                self.ln(1.2)
            case FactList(pairs):
                for term, value in pairs:
                    self._fact(term, value)
                self.ln(1.5)
            case Bar():
                self._bar(element)

    def _heading(self, level: int, text: str) -> None:
        size, line = SIZES[level]
        self._keep(line + BEFORE[level] + 16)
        if self.get_y() > MARGIN + 1:
            self.ln(BEFORE[level])
        if level > 1:
            self.start_section(printable(text), level - 2, strict=False)
        self._type("B", size, INK)
        self._write(f"H{level}", text, line)
        self.ln(1.2)

    def _paragraph(self, text: str, tone: str) -> None:
        if tone == "strong":
            self._keep(BODY_LINE * 3)
            self.ln(0.8)
        self._type("B" if tone == "strong" else "", BODY, MUTED if tone == "muted" else INK)
        self._write("P", text, BODY_LINE)
        self.ln(0.6 if tone == "strong" else 1.6)

    def _item(self, text: str) -> None:
        self._type("", BODY, INK)
        self._keep(BODY_LINE)
        with self._artifact():
            self.set_x(MARGIN + 1.5)
            self.cell(4, BODY_LINE, "•")
        self._write("LI", text, BODY_LINE, 5.5)

    def _notice(self, title: str, text: str) -> None:
        self._type("", BODY, INK)
        inner = self.epw - 10
        lines = self._broken(text, inner)
        height = (len(lines) + 1) * BODY_LINE + 6
        self._keep(height)
        top = self.get_y() + 1
        with self._artifact():
            self.set_fill_color(*SUNKEN)
            self.rect(MARGIN, top, self.epw, height, style="F")
            self.set_fill_color(*ACCENT)
            self.rect(MARGIN, top, 1.2, height, style="F")
        self.set_y(top + 3)
        self._type("B", BODY, INK)
        self._write("P", title, BODY_LINE, 5)
        self._type("", BODY, INK)
        self._write("P", text, BODY_LINE, 5, width=inner)
        self.set_y(top + height + 3)

    def _fact(self, term: str, value: str) -> None:
        self._type("", BODY, INK)
        lines = self._broken(value, self.epw - TERM_WIDTH)
        self._keep(min(len(lines), 3) * BODY_LINE)
        top, page = self.get_y(), self.page
        self._type("", BODY, MUTED)
        self._write("P", term, BODY_LINE, width=TERM_WIDTH - 3)
        below = self.get_y()
        self.set_y(top if self.page == page else MARGIN)
        self._type("", BODY, INK)
        self._write("P", value, BODY_LINE, TERM_WIDTH)
        self.set_y(max(self.get_y(), below) if self.page == page else self.get_y())

    def _bar(self, bar: Bar) -> None:
        self._keep(20)
        top, left, axis = self.get_y(), MARGIN, self.epw
        with self._tagged("Figure", f"{bar.name}: {bar.described}"):
            self._type("B", BODY, INK)
            self.set_xy(left, top)
            self.cell(axis / 2, 5, printable(bar.name))
            self._type("", BODY, MUTED)
            self.set_xy(left + axis / 2, top)
            self.cell(axis / 2, 5, printable(bar.value), align="R")
            self._axis(bar, left, top + 5.6, axis)
            self._type("", 8, MUTED)
            self.set_xy(left, top + 12.2)
            self.cell(axis / 2, 4, printable(bar.low_pole))
            self.cell(axis / 2, 4, printable(bar.high_pole), align="R")
        self.set_y(top + 18.5)

    def _axis(self, bar: Bar, left: float, top: float, width: float) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        count = 10 if bar.cells else 1
        cell = width / count
        self.set_font_size(7)
        for number in range(count):
            self.set_fill_color(*(SUNKEN if bar.cells and 3 <= number <= 6 else (255, 255, 255)))
            self.rect(left + number * cell, top, cell, 6, style="DF")
        if bar.start is None or bar.end is None or bar.point is None:
            return
        self.set_fill_color(*BAND)
        start, length = left + bar.start * width, (bar.end - bar.start) * width
        self.rect(start, top + 1.9, max(length, 0.4), 2.2, "F", True, 1.1)
        self.set_fill_color(*ACCENT)
        self.circle(left + bar.point * width, top + 3, 1.6, style="F")

    def _write(
        self, tag: str, text: str, line: float, indent: float = 0, width: float | None = None
    ) -> None:
        """Lines of one paragraph; where a page ends, its rest is tagged on the next one."""
        rest = self._broken(text, width or self.epw - indent)
        while rest:
            room = int((self.h - BOTTOM - self.get_y()) / line)
            if room < 1:
                self.add_page()
                continue
            now, rest = rest[:room], rest[room:]
            with self._tagged(tag):
                for words in now:
                    self.set_x(MARGIN + indent)
                    self.cell(0, line, words, new_x="LMARGIN", new_y="NEXT")

    def _broken(self, text: str, width: float) -> list[str]:
        """The text in lines of this width, broken at spaces, and within a word only where it is
        longer than a line. fpdf2's ``multi_cell`` breaks the same, but measures all of a line
        again for each letter of it."""
        lines, room, space = [""], width, self.get_string_width(" ")
        for word in printable(text).split(" "):
            length = self.get_string_width(word)
            if lines[-1] and space + length <= room:
                lines[-1] += f" {word}"
                room -= space + length
                continue
            *whole, rest = self._cut(word, width) if length > width else [word]
            lines += [*whole, rest]
            room = width - self.get_string_width(rest)
        return lines[1:]

    def _cut(self, word: str, width: float) -> list[str]:
        """Pieces of a word that is longer than a line."""
        pieces = [""]
        for letter in word:
            if pieces[-1] and self.get_string_width(pieces[-1] + letter) > width:
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def _keep(self, height: float) -> None:
        """What follows needs this many millimetres on one page."""
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()

    def _type(self, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font("Noto", style, size)
        self.set_text_color(*colour)

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    @contextmanager
    def _tagged(self, kind: str, described: str | None = None) -> Iterator[None]:
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, alt_text=described)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")
