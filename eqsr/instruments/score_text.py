"""A score in words and numbers: its value, its band and its scale."""

from flask_babel import gettext as _

from eqsr.core import formats
from eqsr.instruments.definitions.scales import Scale
from eqsr.instruments.scoring.scale_score import ScaleScore


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
            "Sten %(sten)s of 10, margin %(low)s to %(high)s. The scale runs from %(left)s "
            "(%(least)s) to %(right)s (%(most)s).",
            sten=score.sten,
            low=formats.number(required(score.band_low), 1),
            high=formats.number(required(score.band_high), 1),
            **ends,
        )
    return text


def sten_value(score: ScaleScore) -> str:
    """A sten with its 95 % band: "6 (4.7 – 7.5)"."""
    low, high = (formats.number(required(end), 1) for end in (score.band_low, score.band_high))
    return f"{score.sten} ({low} – {high})"


def written(end: float) -> str:
    """A number with as many decimals as it has, up to three."""
    return formats.number(end, 3, least=0)


def raw_value(score: ScaleScore, scale: Scale) -> str:
    """A score in its own unit with its 95 % band: "6.5 digits (5.4 to 7.6)"."""
    value, low, high = (
        formats.number(required(number), scale.decimals)
        for number in (score.raw, score.raw_low, score.raw_high)
    )
    text: str = _(
        "%(value)s (%(low)s to %(high)s)", value=f"{value} {scale.unit}".strip(), low=low, high=high
    )
    return text


def required(value: float | None) -> float:
    """Return a figure that every interpretable score has. Raises ValueError without one."""
    if value is None:
        raise ValueError("a score that can be read lacks a figure")
    return value
