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
from dataclasses import replace

from flask_babel import gettext as _
from markupsafe import Markup

from eqsr.core.messages import N_
from eqsr.instruments import plot_axis, svg
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.plot_layout import LAYOUTS, PlotLayout
from eqsr.instruments.score_text import describe, raw_value, sten_value
from eqsr.instruments.scoring.scale_score import ScaleScore

NOT_INTERPRETABLE = N_("Not interpretable")


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
    stens = plot_axis.stens(sizes, prefix) if any(map(plot_axis.is_on_stens, scores)) else ""
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
    stens = (
        plot_axis.stens(sizes, f"{prefix}-{scale.id}")
        if plot_axis.is_on_stens(score)
        else Markup("")
    )
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
        *((plot_axis.axis(sizes, axis or prefix),) if plot_axis.is_on_stens(score) else ()),
        *(plot_axis.raw_axis(sizes, scale) if score.interpretable and not score.normed else ()),
        *plot_axis.mark(score, scale, sizes),
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
