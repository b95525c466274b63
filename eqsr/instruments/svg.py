"""Parts of the SVG drawings of scores, shared by profiles and comparisons.

Classes are those of plot; presentation attributes give a plain drawing without a style sheet.
"""

from markupsafe import Markup

from eqsr.instruments.definitions.scales import Scale


def text(kind: str, x: float, y: float, anchor: str, words: str) -> Markup:
    """A text of class ``kind``. ``anchor``: start, middle or end."""
    return Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, words
    )


def outline(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """An outlined rectangle of class ``kind``."""
    return Markup(
        '<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}" fill="none" '
        'stroke="currentColor" stroke-opacity="0.35"/>'
    ).format(kind, x, y, width, height)


def band(start: float, end: float, middle: float) -> Markup:
    """A 95 % band from x = ``start`` to ``end``, at least 1 wide, around y = ``middle``."""
    return Markup(
        '<rect class="plot-band" x="{:g}" y="{:g}" width="{:g}" height="10" rx="5" '
        'fill-opacity="0.4"/>'
    ).format(start, middle - 5, max(end - start, 1))


def point(x: float, y: float, radius: float) -> Markup:
    """The point of a score."""
    return Markup('<circle class="plot-point" cx="{:g}" cy="{:g}" r="{:g}"/>').format(x, y, radius)


def sten_share(position: float) -> float:
    """Where a sten position lies on the axis, 0 to 1: sten 1 is the middle of the first tenth."""
    return (position - 0.5) / 10


def raw_share(raw: float, scale: Scale) -> float:
    """Where a raw score lies between the ends of its scale, clipped to 0..1."""
    return min(max((raw - scale.least) / (scale.most - scale.least), 0), 1)
