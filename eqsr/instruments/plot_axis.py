"""The axis of a plotted score, and the score's mark on it."""

from markupsafe import Markup

from eqsr.instruments import svg
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.plot_layout import PlotLayout
from eqsr.instruments.score_text import required, written
from eqsr.instruments.scoring.scale_score import ScaleScore

STENS = range(1, 11)


def is_on_stens(score: ScaleScore) -> bool:
    """Whether the score is drawn on the axis of stens rather than on its own range."""
    return score.normed or not score.interpretable


def stens(sizes: PlotLayout, prefix: str) -> Markup:
    """The axis of ten stens, defined once and used by each row (``axis``) to keep pages small."""
    cells = Markup("").join(_cell(sizes, number) for number in STENS)
    ticks = Markup("").join(_tick(sizes, number) for number in STENS)
    return Markup(
        '<defs><g id="{}-{}-stens"><g fill="none" stroke="currentColor" stroke-opacity="0.35">{}'
        '</g><g text-anchor="middle" font-size="12">{}</g></g></defs>'
    ).format(prefix, sizes.name, cells, ticks)


def axis(sizes: PlotLayout, prefix: str) -> Markup:
    """A reference to the axis of stens that ``stens`` defined under this prefix."""
    return Markup('<use href="#{}-{}-stens"/>').format(prefix, sizes.name)


def _cell(sizes: PlotLayout, number: int) -> Markup:
    x = sizes.axis_x + (number - 1) * sizes.cell
    kind = "plot-axis plot-mid" if 4 <= number <= 7 else "plot-axis"
    return Markup('<rect class="{}" x="{:g}" y="{}" width="{:g}" height="{}"/>').format(
        kind, x, sizes.axis_y, sizes.cell, sizes.cell_height
    )


def _tick(sizes: PlotLayout, number: int) -> Markup:
    x = sizes.axis_x + (number - 0.5) * sizes.cell
    y = sizes.axis_y + sizes.cell_height + 15
    return Markup('<text class="plot-tick" x="{:g}" y="{}">{}</text>').format(x, y, number)


def raw_axis(sizes: PlotLayout, scale: Scale) -> list[Markup]:
    """The axis of a raw score: one bar with numbers at its ends."""
    bar = svg.outline("plot-axis", sizes.axis_x, sizes.axis_y, 10 * sizes.cell, sizes.cell_height)
    below = sizes.axis_y + sizes.cell_height + 15
    ends = ((0, "start", scale.least), (10, "end", scale.most))
    return [
        bar,
        *(
            svg.text("plot-tick", sizes.axis_x + place * sizes.cell, below, anchor, written(end))
            for place, anchor, end in ends
        ),
    ]


def mark(score: ScaleScore, scale: Scale, sizes: PlotLayout) -> list[Markup]:
    """The score's band and point; nothing if it is not interpretable."""
    if not score.interpretable:
        return []
    if score.normed:
        ends = (score.band_low, score.band_high, score.position)
        start, end, point = (_x(sizes, svg.sten_share(required(number))) for number in ends)
    else:
        raw = (score.raw_low, score.raw_high, score.raw)
        start, end, point = (_x(sizes, svg.raw_share(required(number), scale)) for number in raw)
    middle = sizes.axis_y + sizes.cell_height / 2
    return [svg.band(start, end, middle), svg.point(point, middle, 7.5)]


def _x(sizes: PlotLayout, share: float) -> float:
    """The x of a place on the axis, from 0 (left end) to 1 (right end)."""
    return round(sizes.axis_x + share * 10 * sizes.cell, 1)
