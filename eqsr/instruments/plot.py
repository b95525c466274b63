"""A profile as SVG: one row per scale, with its poles, ten stens and 95 % band.

Colours and fonts come from the style sheet, by class, because the Content-Security-Policy forbids
inline styles: ``plot``, ``plot-wide``, ``plot-compact``, ``plot-row``, ``plot-label`` (scale name),
``plot-value`` (the numbers in words), ``plot-pole``, ``plot-axis`` (a cell), ``plot-mid`` (added to
the cells of stens 4 to 7), ``plot-tick`` (cell numbers), ``plot-band``, ``plot-point``,
``plot-none`` (the words for a score that is not interpretable). Presentation attributes give a
plain drawing without a style sheet.

A score without a norm group is drawn on its scale's own range instead of stens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from markupsafe import Markup

from eqsr.core import formats
from eqsr.core.messages import N_
from eqsr.instruments import svg
from eqsr.instruments.definitions.shape import Scale
from eqsr.instruments.scoring.score import ScaleScore

STENS = range(1, 11)


@dataclass(frozen=True)
class PlotLayout:
    """Sizes in the drawing's units, which are CSS pixels if it is shown at ``width``."""

    name: str
    width: int
    row: int
    axis_x: int
    axis_y: int
    cell: float
    cell_height: int
    pole_y: int
    pole_gap: int | None
    font: int
    letters: int
    """How many letters of a scale's name and value fit side by side above the axis."""


WIDE_PLOT = PlotLayout("wide", 760, 84, 180, 30, 40, 26, 48, 14, 15, 48)
"""The pole words are left and right of the axis."""
COMPACT_PLOT = PlotLayout("compact", 340, 104, 10, 50, 32, 24, 42, None, 14, 42)
"""For screens of 340 pixels: the pole words are above the two ends of the axis."""
LAYOUTS = {layout.name: layout for layout in (WIDE_PLOT, COMPACT_PLOT)}

NOT_INTERPRETABLE = N_("Not interpretable")


def describe(score: ScaleScore, scale: Scale) -> str:
    """A score in words, for people who do not see the drawing."""
    least, most = ("1", "10") if score.normed else map(written, (scale.least, scale.most))
    ends = {"left": scale.low_pole, "least": least, "right": scale.high_pole, "most": most}
    text: str
    if not score.interpretable:
        text = _(
            "Not interpretable. The scale runs from %(left)s (%(least)s) to %(right)s (%(most)s).",
            **ends,
        )
    elif not score.normed:
        text = _(
            "%(value)s, no comparison group yet. The scale runs from %(left)s (%(least)s) to "
            "%(right)s (%(most)s).",
            value=raw_value(score, scale),
            **ends,
        )
    else:
        text = _(
            "Sten %(sten)s of 10, 95%% band %(low)s to %(high)s. The scale runs from %(left)s "
            "(%(least)s) to %(right)s (%(most)s).",
            sten=score.sten,
            low=formats.number(_figure(score.band_low), 1),
            high=formats.number(_figure(score.band_high), 1),
            **ends,
        )
    return text


def sten_value(score: ScaleScore) -> str:
    """A sten with its 95 % band: "6 (4.7 – 7.5)"."""
    low, high = (formats.number(_figure(end), 1) for end in (score.band_low, score.band_high))
    return f"{score.sten} ({low} – {high})"


def written(end: float) -> str:
    """A number with as many decimals as it has, up to three."""
    return formats.number(end, 3, least=0)


def raw_value(score: ScaleScore, scale: Scale) -> str:
    """A score in its own unit with its 95 % band: "6.5 digits (5.4 to 7.6)"."""
    value, low, high = (
        formats.number(_figure(number), scale.decimals)
        for number in (score.raw, score.raw_low, score.raw_high)
    )
    text: str = _(
        "%(value)s (%(low)s to %(high)s)", value=f"{value} {scale.unit}".strip(), low=low, high=high
    )
    return text


def plot(
    scores: Sequence[ScaleScore],
    scales: Sequence[Scale],
    layout: str = "wide",
    *,
    prefix: str = "plot",
    title: str = "Scores",
    describe: Callable[[ScaleScore, Scale], str] = describe,
) -> Markup:
    """Draw a profile as one ``<svg>``: a row per score, in the order of ``scores``.

    ``layout``: ``wide`` or ``compact``; a page may contain both and show one by media query.
    ``prefix`` makes ids unique if a page contains several drawings. ``describe`` gives a row's
    description. Raises KeyError for an unknown layout, or a scale that is not among ``scales``.
    """
    sizes = LAYOUTS[layout]
    by_id = {scale.id: scale for scale in scales}
    rows = [
        _row(score, by_id[score.scale], sizes, index * sizes.row, prefix, describe)
        for index, score in enumerate(scores)
    ]
    stens = _stens(sizes, prefix) if any(map(_on_stens, scores)) else ""
    return _svg(sizes, len(rows), title, Markup("").join((stens, *rows)))


def plot_row(
    score: ScaleScore,
    scale: Scale,
    layout: str = "wide",
    *,
    prefix: str = "row",
    describe: Callable[[ScaleScore, Scale], str] = describe,
) -> Markup:
    """Draw a single score, to show beside its explanation."""
    sizes = LAYOUTS[layout]
    stens = _stens(sizes, f"{prefix}-{scale.id}") if _on_stens(score) else Markup("")
    row = _row(score, scale, sizes, 0, prefix, describe, f"{prefix}-{scale.id}")
    return _svg(sizes, 1, scale.name, stens + row)


def _svg(sizes: PlotLayout, rows: int, title: str, content: Markup) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot plot-{}" viewBox="0 0 {} {}" '
        'role="group" aria-label="{}" font-size="{}" fill="currentColor">{}</svg>'
    ).format(sizes.name, sizes.width, rows * sizes.row, title, sizes.font, content)


def _row(
    score: ScaleScore,
    scale: Scale,
    sizes: PlotLayout,
    top: int,
    prefix: str,
    describe: Callable[[ScaleScore, Scale], str],
    axis: str = "",
) -> Markup:
    name = f"{prefix}-{sizes.name}-{scale.id}"
    parts = [
        Markup('<title id="{}-title">{}</title>').format(name, scale.name),
        Markup('<desc id="{}-desc">{}</desc>').format(name, describe(score, scale)),
        *_words(score, scale, sizes),
        *((_axis(sizes, axis or prefix),) if _on_stens(score) else ()),
        *(_range(sizes, scale) if score.interpretable and not score.normed else ()),
        *_mark(score, scale, sizes),
    ]
    return Markup(
        '<g class="plot-row" role="img" aria-labelledby="{0}-title {0}-desc" '
        'transform="translate(0 {1})">{2}</g>'
    ).format(name, top, Markup("").join(parts))


def _words(score: ScaleScore, scale: Scale, sizes: PlotLayout) -> list[Markup]:
    left, right = sizes.axis_x, sizes.axis_x + 10 * sizes.cell
    value = _(NOT_INTERPRETABLE)
    if score.interpretable and score.normed:
        value = sten_value(score)
    elif score.interpretable:
        value = raw_value(score, scale)
        if len(f"{scale.name}{value}") > sizes.letters:
            value = raw_value(score, replace(scale, unit=""))
    if sizes.pole_gap is None:
        poles = ((left, "start", scale.low_pole), (right, "end", scale.high_pole))
    else:
        poles = (
            (left - sizes.pole_gap, "end", scale.low_pole),
            (right + sizes.pole_gap, "start", scale.high_pole),
        )
    return [
        svg.text("plot-label", left, 18, "start", scale.name),
        svg.text("plot-value" if score.interpretable else "plot-none", right, 18, "end", value),
        *(svg.text("plot-pole", x, sizes.pole_y, anchor, word) for x, anchor, word in poles),
    ]


def _on_stens(score: ScaleScore) -> bool:
    return score.normed or not score.interpretable


def _stens(sizes: PlotLayout, prefix: str) -> Markup:
    """The axis of ten stens, defined once and used by each row (``_axis``) to keep pages small."""
    cells = Markup("").join(_cell(sizes, number) for number in STENS)
    ticks = Markup("").join(_tick(sizes, number) for number in STENS)
    return Markup(
        '<defs><g id="{}-{}-stens"><g fill="none" stroke="currentColor" stroke-opacity="0.35">{}'
        '</g><g text-anchor="middle" font-size="12">{}</g></g></defs>'
    ).format(prefix, sizes.name, cells, ticks)


def _axis(sizes: PlotLayout, prefix: str) -> Markup:
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


def _range(sizes: PlotLayout, scale: Scale) -> list[Markup]:
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


def _mark(score: ScaleScore, scale: Scale, sizes: PlotLayout) -> list[Markup]:
    if not score.interpretable:
        return []
    if score.normed:
        ends = (score.band_low, score.band_high, score.position)
        start, end, point = (_x(sizes, svg.sten_share(_figure(number))) for number in ends)
    else:
        raw = (score.raw_low, score.raw_high, score.raw)
        start, end, point = (_x(sizes, svg.raw_share(_figure(number), scale)) for number in raw)
    middle = sizes.axis_y + sizes.cell_height / 2
    return [svg.band(start, end, middle), svg.point(point, middle, 7.5)]


def _figure(value: float | None) -> float:
    """Return a figure that every interpretable score has. Raises ValueError without one."""
    if value is None:
        raise ValueError("a score that can be read lacks a figure")
    return value


def _x(sizes: PlotLayout, share: float) -> float:
    """The x of a place on the axis, from 0 (left end) to 1 (right end)."""
    return round(sizes.axis_x + share * 10 * sizes.cell, 1)
