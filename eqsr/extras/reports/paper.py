"""A report's elements on paper, as a PDF."""

from collections.abc import Sequence
from datetime import datetime

from eqsr.extras.reports import bars
from eqsr.extras.reports.elements import Bar, Bullets, Element, FactList, Heading, Notice, Text
from eqsr.extras.reports.letters import printable
from eqsr.extras.reports.sheet import ACCENT, BODY, INK, MARGIN, MUTED, SUNKEN, Sheet

# Points of type and millimetres of line, by level of heading; then of what else there is.
SIZES = {1: (22, 10), 2: (15, 7.5), 3: (12.5, 6.5), 4: (11, 5.6)}
BEFORE = {1: 0.0, 2: 8.0, 3: 6.0, 4: 5.0}
BODY_LINE = 4.9
TERM_WIDTH = 38.0


def paper(
    elements: Sequence[Element], *, title: str, footer: str, language: str, made: datetime
) -> bytes:
    """The elements as a PDF. ``footer`` stands on every page, with its number."""
    sheet = Sheet(footer, language)
    sheet.set_title(title)
    sheet.set_creation_date(made)
    sheet.add_page()
    for element in elements:
        _draw(sheet, element)
    return bytes(sheet.output())


def _draw(sheet: Sheet, element: Element) -> None:
    match element:
        case Heading(level, text):
            _heading(sheet, level, text)
        case Text(text, tone):
            _paragraph(sheet, text, tone)
        case Notice(title, text):
            _notice(sheet, title, text)
        case Bullets(items):
            for item in items:
                _item(sheet, item)
            sheet.ln(1.2)
        case FactList(pairs):
            for term, value in pairs:
                _fact(sheet, term, value)
            sheet.ln(1.5)
        case Bar():
            bars.draw(sheet, element)


def _heading(sheet: Sheet, level: int, text: str) -> None:
    size, line = SIZES[level]
    sheet.keep(line + BEFORE[level] + 16)
    if sheet.get_y() > MARGIN + 1:
        sheet.ln(BEFORE[level])
    if level > 1:
        sheet.start_section(printable(text), level - 2, strict=False)
    sheet.typeface("B", size, INK)
    sheet.write_tagged(f"H{level}", text, line)
    sheet.ln(1.2)


def _paragraph(sheet: Sheet, text: str, tone: str) -> None:
    if tone == "strong":
        sheet.keep(BODY_LINE * 3)
        sheet.ln(0.8)
    sheet.typeface("B" if tone == "strong" else "", BODY, MUTED if tone == "muted" else INK)
    sheet.write_tagged("P", text, BODY_LINE)
    sheet.ln(0.6 if tone == "strong" else 1.6)


def _item(sheet: Sheet, text: str) -> None:
    sheet.typeface("", BODY, INK)
    sheet.keep(BODY_LINE)
    with sheet.artifact():
        sheet.set_x(MARGIN + 1.5)
        sheet.put(4, BODY_LINE, "•")
    sheet.write_tagged("LI", text, BODY_LINE, 5.5)


def _notice(sheet: Sheet, title: str, text: str) -> None:
    sheet.typeface("", BODY, INK)
    inner = sheet.epw - 10
    lines = sheet.broken(text, inner)
    height = (len(lines) + 1) * BODY_LINE + 6
    sheet.keep(height)
    top = sheet.get_y() + 1
    with sheet.artifact():
        sheet.set_fill_color(*SUNKEN)
        sheet.rect(MARGIN, top, sheet.epw, height, style="F")
        sheet.set_fill_color(*ACCENT)
        sheet.rect(MARGIN, top, 1.2, height, style="F")
    sheet.set_y(top + 3)
    sheet.typeface("B", BODY, INK)
    sheet.write_tagged("P", title, BODY_LINE, 5)
    sheet.typeface("", BODY, INK)
    sheet.write_tagged("P", text, BODY_LINE, 5, width=inner)
    sheet.set_y(top + height + 3)


def _fact(sheet: Sheet, term: str, value: str) -> None:
    sheet.typeface("", BODY, INK)
    lines = sheet.broken(value, sheet.epw - TERM_WIDTH)
    sheet.keep(min(len(lines), 3) * BODY_LINE)
    top, page = sheet.get_y(), sheet.page
    sheet.typeface("", BODY, MUTED)
    sheet.write_tagged("P", term, BODY_LINE, width=TERM_WIDTH - 3)
    below = sheet.get_y()
    sheet.set_y(top if sheet.page == page else MARGIN)
    sheet.typeface("", BODY, INK)
    sheet.write_tagged("P", value, BODY_LINE, TERM_WIDTH)
    sheet.set_y(max(sheet.get_y(), below) if sheet.page == page else sheet.get_y())
