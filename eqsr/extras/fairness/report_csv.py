"""A report as the file that New York City's Local Law 144 describes."""

from collections.abc import Callable, Iterator

from flask_babel import force_locale

from eqsr.core.clock import day_in
from eqsr.extras.fairness.categories import NYC
from eqsr.extras.fairness.models import FairnessReport
from eqsr.extras.fairness.rates import SMALLEST, GroupRow
from eqsr.extras.fairness.report_sections import sections

# Cells of one line of the file.
Row = list[object]
UNKNOWN = "Category unknown, or group not shown"
# Added to the law's columns: compared with everybody else in the same jobs.
WITHIN_JOBS = ("Ratio Within Jobs", "Ratio, Low", "Ratio, High", "Exact p", "p (Holm)")
HEADINGS = {"sex": "Sex Categories", "race": "Race/Ethnicity Categories"}


def rows(report: FairnessReport, time_zone: str, number: Callable[[str], str]) -> list[Row]:
    """The rows of a file with every table of the law's layout, one below the other: categories of
    sex, of race and ethnicity, and both together; how many people are in no category stands below
    each. The words are the law's, and all of the file is in its language.

    ``number``: how a number with a decimal point is written for the reader's spreadsheet program.
    """
    with force_locale("en"):
        told: list[Row] = [["Date of data", day_in(time_zone, report.made_at)]]
        for section in sections(report):
            told += [[], [section.title, f"{section.people} people"]]
            for dimension, groups in section.tables.items():
                told += [[], *_table(section.kind, dimension, groups, number)]
                told.append([UNKNOWN, section.unknown[dimension]])
        return told


def _table(
    kind: str, dimension: str, groups: list[GroupRow], number: Callable[[str], str]
) -> Iterator[Row]:
    first = [HEADINGS[dimension]] if dimension != "both" else ["Race/Ethnicity Categories", "Sex"]
    measured = ["# Selected", "Selection Rate"] if kind == "selection" else ["Scoring Rate"]
    yield [*first, "# of Applicants", *measured, "Impact Ratio", *WITHIN_JOBS]
    for row in groups:
        cells = _cells(kind, row)
        numbers = [number(cell) if cell[:1].isdigit() else cell for cell in map(str, cells)]
        yield [*(NYC[key] for key in row.group), *numbers]


def _cells(kind: str, row: GroupRow) -> list[str | int | None]:
    if row.hidden:
        few = f"fewer than {SMALLEST}"
        # Beside the groups of one category: suppression.safe_cells.
        return [
            f"{few}, or would tell of {few}: not shown" if row.group[1:] else f"{few}: not shown"
        ]
    hits = [row.hits] if kind == "selection" else []
    rate = [_number(row.rate, "{:.1%}")]
    ratios = (_number(one, "{:.2f}") for one in (row.ratio, row.within_jobs, row.low, row.high))
    return [row.people, *hits, *rate, *ratios, *(_number(p, "{:.4f}") for p in (row.p, row.chance))]


def _number(value: float | None, form: str) -> str:
    return "N/A" if value is None else form.format(value)
