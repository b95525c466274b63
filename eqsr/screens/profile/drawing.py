"""Draw several people's bands on one scale as SVG.

The CSS classes are those of instruments.plot, and ``plot-sought`` for the job's target range. The
drawing has a text description, and the page shows its values in a table too.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from eqsr.instruments import plot, svg
from eqsr.instruments.catalogue import Scale
from eqsr.instruments.plot import STENS
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.score import Estimate
from eqsr.screens.profile.comparing import Comparison, ComparisonRow


@dataclass(frozen=True)
class ComparisonLayout:
    """Sizes in the drawing's own units, which are CSS pixels when it is shown at ``width``.

    ``name_above`` puts names above their bars, for narrow screens.
    """

    name: str
    width: int
    axis_x: int
    cell: float
    row: int
    name_above: bool
    longest_name: int


WIDE_COMPARISON = ComparisonLayout("wide", 760, 190, 40, 36, False, 22)
COMPACT_COMPARISON = ComparisonLayout("compact", 340, 10, 32, 50, True, 26)
TOP = 28
FOOT = 22
FONT = 14


def several(comparison: Comparison, layout: ComparisonLayout, prefix: str) -> Markup:
    """Draw one ``<svg>`` with a row per person over a common axis.

    ``prefix`` makes the ids of its title and description unique on the page.
    """
    height = TOP + len(comparison.rows) * layout.row + FOOT
    parts = [*_ends(comparison, layout), *_axis(comparison, layout, height)]
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


def _ends(comparison: Comparison, layout: ComparisonLayout) -> list[Markup]:
    left, right = layout.axis_x, layout.axis_x + 10 * layout.cell
    poles: tuple[tuple[float, str, str], ...] = (
        (left, "start", comparison.scale.low_pole),
        (right, "end", comparison.scale.high_pole),
    )
    return [svg.text("plot-pole", x, 16, anchor, word) for x, anchor, word in poles]


def _axis(comparison: Comparison, layout: ComparisonLayout, height: int) -> list[Markup]:
    bottom = height - FOOT
    if not comparison.normed:
        ends: tuple[tuple[int, str, float], ...] = (
            (0, "start", comparison.scale.least),
            (10, "end", comparison.scale.most),
        )
        return [svg.outline("plot-axis", layout.axis_x, TOP, 10 * layout.cell, bottom - TOP)] + [
            svg.text(
                "plot-tick", layout.axis_x + at * layout.cell, height - 6, anchor, plot.written(end)
            )
            for at, anchor, end in ends
        ]
    parts = []
    for sten in STENS:
        x = layout.axis_x + (sten - 1) * layout.cell
        kind = "plot-axis plot-mid" if 4 <= sten <= 7 else "plot-axis"
        parts.append(svg.outline(kind, x, TOP, layout.cell, bottom - TOP))
        parts.append(svg.text("plot-tick", x + layout.cell / 2, height - 6, "middle", str(sten)))
    if comparison.sought:
        first = layout.axis_x + (comparison.sought.least - 1) * layout.cell
        span = (comparison.sought.most - comparison.sought.least + 1) * layout.cell
        parts.append(svg.outline("plot-sought", first, TOP, span, bottom - TOP))
    return parts


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
        return plot.sten_value(row.score)
    return plot.raw_value(row.score, comparison.scale)


def _x(comparison: Comparison, layout: ComparisonLayout, number: float) -> float:
    share = svg.sten_share(number) if comparison.normed else svg.raw_share(number, comparison.scale)
    return round(layout.axis_x + share * 10 * layout.cell, 1)


def axis_shares(score: ScaleScore, scale: Scale) -> Estimate | None:
    """The score as shares (0 to 1) of its axis: ten stens, or the scale's own range.

    None when the score can't be interpreted.
    """
    if not score.interpretable:
        return None
    if (stens := score.in_stens) is not None:
        return Estimate(*map(svg.sten_share, stens))
    if (own := score.in_own_unit) is None:
        return None
    return Estimate(*(svg.raw_share(one, scale) for one in own))


def mark(score: ScaleScore, scale: Scale) -> Markup:
    """Draw one band on a line, as decoration of a table row that gives the values in words."""
    shares = axis_shares(score, scale)
    if shares is None:
        return Markup("")
    start, end, point = (round(4 + share * 152, 1) for share in shares)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot mark" viewBox="0 0 160 20" '
        'aria-hidden="true">{}{}{}</svg>'
    ).format(
        svg.outline("plot-axis", 4, 5, 152, 10), svg.band(start, end, 10), svg.point(point, 10, 6)
    )
