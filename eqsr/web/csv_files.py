"""CSV files that open in columns in the spreadsheet program of their reader."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Response, request
from flask_babel import get_locale

from eqsr.core.formats import decimal_mark


@dataclass(frozen=True)
class CsvFormat:
    """How a spreadsheet program expects the file: ``separator`` between the cells, ``decimal`` in
    its numbers."""

    separator: str
    decimal: str

    def number(self, text: str) -> str:
        """A number that is written with a decimal point, as the program reads it."""
        return text.replace(".", self.decimal)

    def lines(self, rows: Iterable[Iterable[object]]) -> Iterator[str]:
        """The lines of the file.

        It begins with a byte order mark, by which Excel recognises UTF-8. A line ``sep=;`` would
        tell it the separator, but then it takes no notice of the mark.
        """
        mark = "\ufeff"
        for row in rows:
            out = io.StringIO()
            cells = [guarded(str(cell)) for cell in row]
            csv.writer(out, delimiter=self.separator).writerow(cells)
            yield mark + out.getvalue()
            mark = ""


def format_of_reader() -> CsvFormat:
    """The format for who sends this request.

    Excel and LibreOffice separate cells by a semicolon where numbers have a decimal comma. They
    go by the system's region: besides the reader's language, the browser's first one hints at it,
    as somebody in the Netherlands may read our pages in English.
    """
    browsers = request.accept_languages.values()
    hints = (str(get_locale() or "en"), next(iter(browsers), ""))
    comma = any(decimal_mark(hint) == "," for hint in hints)
    return CsvFormat(";", ",") if comma else CsvFormat(",", ".")


def csv_response(lines: Iterable[str], name: str) -> Response:
    """The file as an answer that is downloaded under this name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def guarded(cell: str) -> str:
    """Escape a cell that a spreadsheet would run as a formula (OWASP: CSV injection)."""
    return (
        f"'{cell}" if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
    )
