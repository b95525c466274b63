"""Draw a scale with a person's band on a sheet."""

from eqsr.extras.reports.elements import Bar
from eqsr.extras.reports.letters import printable
from eqsr.extras.reports.sheet import ACCENT, BAND, BODY, INK, LINE, MARGIN, MUTED, SUNKEN, Sheet


def draw(sheet: Sheet, bar: Bar) -> None:
    sheet.keep(20)
    top, left, axis = sheet.get_y(), MARGIN, sheet.epw
    with sheet.tagged("Figure", f"{bar.name}: {bar.described}"):
        sheet.typeface("B", BODY, INK)
        sheet.set_xy(left, top)
        sheet.put(axis / 2, 5, printable(bar.name))
        sheet.typeface("", BODY, MUTED)
        sheet.set_xy(left + axis / 2, top)
        sheet.put(axis / 2, 5, printable(bar.value), align="R")
        _axis(sheet, bar, left, top + 5.6, axis)
        sheet.typeface("", 8, MUTED)
        sheet.set_xy(left, top + 12.2)
        sheet.put(axis / 2, 4, printable(bar.low_pole))
        sheet.put(axis / 2, 4, printable(bar.high_pole), align="R")
    sheet.set_y(top + 18.5)


def _axis(sheet: Sheet, bar: Bar, left: float, top: float, width: float) -> None:
    sheet.set_draw_color(*LINE)
    sheet.set_line_width(0.2)
    count = 10 if bar.cells else 1
    cell = width / count
    sheet.set_font_size(7)
    for number in range(count):
        sheet.set_fill_color(*(SUNKEN if bar.cells and 3 <= number <= 6 else (255, 255, 255)))
        sheet.rect(left + number * cell, top, cell, 6, style="DF")
    if bar.start is None or bar.end is None or bar.point is None:
        return
    sheet.set_fill_color(*BAND)
    start, length = left + bar.start * width, (bar.end - bar.start) * width
    sheet.rect(start, top + 1.9, max(length, 0.4), 2.2, "F", True, 1.1)
    sheet.set_fill_color(*ACCENT)
    sheet.circle(left + bar.point * width, top + 3, 1.6, style="F")
