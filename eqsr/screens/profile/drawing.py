"""Draw several people's bands on one scale as SVG.

The CSS classes are those of instruments.plot, and ``plot-sought`` for the job's target range. The
drawing has a text description, and the page shows its values in a table too.
"""

from flask_babel import gettext as _
from markupsafe import Markup

from eqsr.instruments import plot, score_text, svg
from eqsr.instruments.scoring.scale_score import Estimate
from eqsr.screens.profile.comparison import Comparison, ComparisonRow
from eqsr.screens.profile.comparison_axis import FOOT, TOP, ComparisonLayout, axis, poles

WIDE_COMPARISON = ComparisonLayout("wide", 760, 190, 40, 36, False, 22)
COMPACT_COMPARISON = ComparisonLayout("compact", 340, 10, 32, 50, True, 26)
FONT = 14


def several(comparison: Comparison, layout: ComparisonLayout, prefix: str) -> Markup:
    """Draw one ``<svg>`` with a row per person over a common axis.

    ``prefix`` makes the ids of its title and description unique on the page.
    """
    height = TOP + len(comparison.rows) * layout.row + FOOT
    parts = [*poles(comparison, layout), *axis(comparison, layout, height)]
    for index, row in enumerate(comparison.rows):
        parts += _row(comparison, row, layout, TOP + index * layout.row)
    described = ". ".join(f"{row.name}: {_value(comparison, row)}" for row in comparison.rows)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot plot-{0}" viewBox="0 0 {1} {2}" '
        'role="img" aria-labelledby="{3}-title {3}-desc" font-size="{4}" fill="currentColor">'
        '<title id="{3}-title">{5}</title><desc id="{3}-desc">{6}</desc>{7}</svg>'
    ).format(
        layout.name,
        layout.width,
        height,
        f"{prefix}-{layout.name}",
        FONT,
        comparison.scale.name,
        described,
        Markup("").join(parts),
    )


def _row(
    comparison: Comparison, row: ComparisonRow, layout: ComparisonLayout, top: int
) -> list[Markup]:
    name = row.name
    if len(name) > layout.longest_name:
        name = name[: layout.longest_name - 1].rstrip() + "…"
    middle = top + layout.row / 2
    if layout.name_above:
        middle = top + layout.row - 13
        parts = [svg.text("plot-label", layout.axis_x + 4, top + 19, "start", name)]
        value_x, value_y, anchor = layout.axis_x + 10 * layout.cell - 4, float(top + 19), "end"
    else:
        parts = [svg.text("plot-label", layout.axis_x - 12, middle + 5, "end", name)]
        value_x, value_y, anchor = layout.axis_x + 10 * layout.cell + 12, middle + 5, "start"
    kind = "plot-value" if row.readable else "plot-none"
    parts.append(svg.text(kind, value_x, value_y, anchor, _value(comparison, row)))
    if (estimate := _estimate(comparison, row)) is not None:
        start, end, point = (_x(comparison, layout, number) for number in estimate)
        parts += [svg.band(start, end, middle), svg.point(point, middle, 7)]
    return parts


def _estimate(comparison: Comparison, row: ComparisonRow) -> Estimate | None:
    """The score in the unit of the comparison's axis; None when it can't be drawn there."""
    score = row.score
    if score is None or not row.readable or score.normed != comparison.normed:
        return None
    return score.in_stens if score.normed else score.in_own_unit


def _value(comparison: Comparison, row: ComparisonRow) -> str:
    if row.score is None or not row.readable:
        return _(plot.NOT_INTERPRETABLE)
    if row.score.normed:
        return score_text.sten_value(row.score)
    return score_text.raw_value(row.score, comparison.scale)


def _x(comparison: Comparison, layout: ComparisonLayout, number: float) -> float:
    share = svg.sten_share(number) if comparison.normed else svg.raw_share(number, comparison.scale)
    return round(layout.axis_x + share * 10 * layout.cell, 1)
