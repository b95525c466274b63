"""The axis that a drawing of several people shares, and the drawing's sizes."""

from dataclasses import dataclass

from markupsafe import Markup

from eqsr.instruments import score_text, svg
from eqsr.instruments.plot_axis import STENS
from eqsr.screens.profile.comparison import Comparison


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


TOP = 28
FOOT = 22


def poles(comparison: Comparison, layout: ComparisonLayout) -> list[Markup]:
    """Draw the names of the scale's two poles above the axis."""
    left, right = layout.axis_x, layout.axis_x + 10 * layout.cell
    poles: tuple[tuple[float, str, str], ...] = (
        (left, "start", comparison.scale.low_pole),
        (right, "end", comparison.scale.high_pole),
    )
    return [svg.text("plot-pole", x, 16, anchor, word) for x, anchor, word in poles]


def axis(comparison: Comparison, layout: ComparisonLayout, height: int) -> list[Markup]:
    """Draw stens and the target range or, without a norm, the ends of the scale's own range."""
    bottom = height - FOOT
    if not comparison.normed:
        ends: tuple[tuple[int, str, float], ...] = (
            (0, "start", comparison.scale.least),
            (10, "end", comparison.scale.most),
        )
        return [svg.outline("plot-axis", layout.axis_x, TOP, 10 * layout.cell, bottom - TOP)] + [
            svg.text(
                "plot-tick",
                layout.axis_x + at * layout.cell,
                height - 6,
                anchor,
                score_text.written(end),
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
