"""An A4 sheet that a screen reader can read: each piece of text is tagged, the rest is not told.

fpdf2 has no public call for tags other than figures, so its own bookkeeping of them is used here,
and its version is pinned. HarfBuzz joins and places letters, and fpdf2 orders what is read from the
right; both only where a text needs it, because it takes time.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from babel import Locale
from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment

from eqsr.core.bidi import from_right
from eqsr.extras.reports import letters, reading_order
from eqsr.extras.reports.letters import BOLD, FONTS, OTHERS, REGULAR, printable

# It tells of every table of a font that it cuts down.
logging.getLogger("fontTools").setLevel(logging.WARNING)

INK, MUTED, LINE, SUNKEN, ACCENT, BAND = (
    (35, 33, 30),
    (89, 84, 76),
    (214, 209, 200),
    (244, 242, 238),
    (58, 84, 196),
    (176, 187, 231),
)
MARGIN, BOTTOM = 20.0, 22.0
# Points of type of ordinary words.
BODY = 9.5


class Sheet(FPDF):
    """Pages with a foot, and tagged text on them."""

    def __init__(self, footer: str, language: str) -> None:
        super().__init__(format="A4")
        self.set_lang(language)
        self._direction = TextDirection(Locale.parse(language, sep="-").text_direction.upper())
        self.add_font("Noto", "", FONTS / REGULAR)
        self.add_font("Noto", "B", FONTS / BOLD)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self._foot = footer

    def footer(self) -> None:
        """On every page, and told by no screen reader."""
        self._out("/Artifact BMC")
        self.typeface("", 8, MUTED)
        self.set_xy(MARGIN, self.h - 14)
        self.put(self.epw - 20, 4, printable(self._foot))
        self.put(20, 4, str(self.page_no()), align="R")
        self._out("EMC")

    def write_tagged(
        self, tag: str, text: str, line: float, indent: float = 0, width: float | None = None
    ) -> None:
        """Lines of one paragraph; where a page ends, its rest is tagged on the next one."""
        rest = self.broken(text, width or self.epw - indent)
        while rest:
            room = int((self.h - BOTTOM - self.get_y()) / line)
            if room < 1:
                self.add_page()
                continue
            now, rest = rest[:room], rest[room:]
            with self.tagged(tag):
                for words in now:
                    self.set_x(MARGIN + indent)
                    self.put(0, line, words, new_x="LMARGIN", new_y="NEXT")

    def put(self, width: float, line: float, text: str, **options: Any) -> None:
        """Printable text on one line, in the fonts that it needs."""
        self._prepare(text)
        if letters.is_plain(text) or from_right(text):
            self.cell(width, line, text, **options)
            return
        # What is copied or read aloud are the letters in their order, not the signs drawn. Readers
        # turn what is read from the right themselves.
        self._out(f"/Span <</ActualText <{text.encode('utf-16').hex()}>>> BDC")
        self.cell(width, line, text, **options)
        self._out("EMC")

    def broken(self, text: str, width: float) -> list[str]:
        """The text in lines of this width, broken at spaces, and within a word only where it is
        longer than a line. fpdf2's ``multi_cell`` breaks the same, but measures all of a line
        again for each letter of it."""
        text = printable(text)
        self._prepare(text)
        lines, room, space = [""], width, self.get_string_width(" ")
        for word in text.split(" "):
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
        for letter in letters.pieces(word):
            if pieces[-1] and self.get_string_width(pieces[-1] + letter) > width:
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def _prepare(self, text: str) -> None:
        """Load the fonts of the text, and have it joined and ordered if it needs that."""
        for family, _piece in letters.runs(text):
            if family in OTHERS and family.lower() not in self.fonts:
                self.add_font(family, "", OTHERS[family])
        self.set_text_shaping(not letters.is_plain(text), direction=self._direction)

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:
        # fpdf2 itself leaves numbers within what is read from the right where they are.
        if not self.text_shaping:
            return tuple(self._parse_chars(text, markdown))
        # It turns neighbours that are read from the right, so each piece is handed over turned.
        self.text_shaping["paragraph_direction"] = TextDirection.LTR
        fragments: list[Fragment] = []
        for pieces in reading_order.in_sight(text, self._direction):
            for piece, self.text_shaping["fragment_direction"] in pieces:
                fragments += self._parse_chars(piece, markdown)
        return tuple(fragments)

    def _parse_chars(self, text: str, markdown: bool, **_options: Any) -> Iterator[Fragment]:
        # fpdf2's own choice of fonts tears marks off their letters.
        for family, piece in letters.runs(text):
            state = self._get_current_graphics_state()
            if family in OTHERS:
                state.font_family, state.font_style = family.lower(), ""
                state.current_font = self.fonts[family.lower()]
            yield Fragment(piece, state, self.k)

    def keep(self, height: float) -> None:
        """What follows needs this many millimetres on one page."""
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()

    def typeface(self, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font("Noto", style, size)
        self.set_text_color(*colour)

    @contextmanager
    def artifact(self) -> Iterator[None]:
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    @contextmanager
    def tagged(self, kind: str, described: str | None = None) -> Iterator[None]:
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, alt_text=described)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")
