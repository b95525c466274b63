"""A report as the file that New York City's Local Law 144 describes."""

import csv
import io
from typing import Any

from flask_babel import force_locale

from eqsr.extras.fairness.categories import NYC
from eqsr.extras.fairness.models import FairnessReport
from eqsr.extras.fairness.rates import SMALLEST, GroupRow
from eqsr.extras.fairness.report_sections import sections

UNKNOWN = "Category unknown, or group not shown"
HEADINGS = {"sex": "Sex Categories", "race": "Race/Ethnicity Categories"}


def as_csv(report: FairnessReport) -> str:
    """Every table of the law's layout, one below the other: categories of sex, of race and
    ethnicity, and both together; how many people are in no category stands below each. The words
    are the law's, and all of the file is in its language."""
    with force_locale("en"):
        return _as_csv(report)


def _as_csv(report: FairnessReport) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["Date of data", f"{report.made_at:%Y-%m-%d}"])
    for section in sections(report):
        writer.writerow([])
        writer.writerow([section.title, f"{section.people} people"])
        for dimension, rows in section.tables.items():
            writer.writerow([])
            _write_table(writer, section.kind, dimension, rows)
            writer.writerow([UNKNOWN, section.unknown[dimension]])
    return file.getvalue()


def _write_table(writer: Any, kind: str, dimension: str, rows: list[GroupRow]) -> None:
    first = [HEADINGS[dimension]] if dimension != "both" else ["Race/Ethnicity Categories", "Sex"]
    measured = ["# Selected", "Selection Rate"] if kind == "selection" else ["Scoring Rate"]
    writer.writerow([*first, "# of Applicants", *measured, "Impact Ratio", "Fisher's exact p"])
    for row in rows:
        writer.writerow([*(NYC[key] for key in row.group), *_cells(kind, row)])


def _cells(kind: str, row: GroupRow) -> list[str | int | None]:
    if row.hidden:
        few = f"fewer than {SMALLEST}"
        # Beside the groups of one category: suppression.safe_cells.
        return [
            f"{few}, or would tell of {few}: not shown" if row.group[1:] else f"{few}: not shown"
        ]
    hits = [row.hits] if kind == "selection" else []
    rate = [_number(row.rate, "{:.1%}")]
    return [row.people, *hits, *rate, _number(row.ratio, "{:.2f}"), _number(row.p, "{:.4f}")]


def _number(value: float | None, form: str) -> str:
    return "N/A" if value is None else form.format(value)
