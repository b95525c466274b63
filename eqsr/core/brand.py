"""An organisation's colour, made fit for pages and mails in light and dark. Pure functions.

Contrast follows WCAG 2.2: 4.5 for text (1.4.3), 3 for what is not text (1.4.11).
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from eqsr.core.messages import UserError

PLATFORM = "#3a54c4"
TEXT, NO_TEXT = 4.5, 3.0

# The grounds that colours stand on: --canvas, --surface and --sunken of static/app.css.
LIGHT_GROUNDS = ("#faf9f7", "#ffffff")
DARK_GROUNDS = ("#171614", "#211f1d", "#2b2926")
WHITE, BLACK = "#ffffff", "#000000"


@dataclass(frozen=True)
class Shades:
    """One scheme's colours: of text and links, of a button and the same when pointed at, and of a
    quiet ground."""

    accent: str
    fill: str
    hover: str
    soft: str


@dataclass(frozen=True)
class Brand:
    """How mails and candidates' pages of an organisation look. ``logo``: a PNG, or None."""

    light: Shades
    dark: Shades
    logo: bytes | None = field(default=None, repr=False)

    @property
    def stylesheet(self) -> str:
        """What overrides the tokens of static/app.css."""
        dark = f"@media screen and (prefers-color-scheme: dark) {{\n{_root(self.dark)}}}\n"
        return _root(self.light) + dark


def brand(accent: str | None, logo: bytes | None = None) -> Brand:
    """From a checked accent colour; None is the platform's own."""
    return Brand(*_shades(accent or PLATFORM), logo)


# An email needs an organisation's shades at once; mixing them takes two thousand calls.
@lru_cache(maxsize=256)
def _shades(accent: str) -> tuple[Shades, Shades]:
    """Of the light scheme and of the dark one."""
    light = Shades(accent, accent, mix(accent, BLACK, 0.2), mix(accent, WHITE, 0.91))
    soft, fill = mix(accent, DARK_GROUNDS[1], 0.75), accent
    text = accent
    for step in range(101):
        text = mix(accent, WHITE, step / 100)
        if min(contrast(text, ground) for ground in (*DARK_GROUNDS, soft)) >= TEXT + 1:
            break
    for step in range(101):
        fill = mix(accent, WHITE, step / 100)
        if contrast(fill, DARK_GROUNDS[1]) >= NO_TEXT:
            break
    return light, Shades(text, fill, mix(fill, BLACK, 0.14), soft)


def checked_accent(text: str) -> str | None:
    """The colour as ``#rrggbb``, or None for an empty text. Raises UserError where it is none, or
    can't be read in one of the schemes."""
    text = text.strip().lower()
    if not text:
        return None
    if not re.fullmatch(r"#?[0-9a-f]{6}", text):
        raise UserError(
            "Give the colour as # and six digits or letters, such as #3a54c4.", field="accent"
        )
    accent = "#" + text.removeprefix("#")
    made = brand(accent)
    if min(contrast(accent, ground) for ground in (*LIGHT_GROUNDS, made.light.soft)) < TEXT:
        raise UserError(
            "This colour is too light to read on white. Choose a darker one.", field="accent"
        )
    words = min(contrast(made.dark.accent, ground) for ground in (*DARK_GROUNDS, made.dark.soft))
    button = contrast(WHITE, made.dark.fill)
    if words < TEXT or button < TEXT or contrast(made.dark.fill, DARK_GROUNDS[1]) < NO_TEXT:
        raise UserError(
            "This colour can't be read on dark pages. Choose another one.", field="accent"
        )
    return accent


def contrast(one: str, other: str) -> float:
    """1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """``one`` with this share of ``other``, in sRGB."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    """Source: WCAG 2.2, "relative luminance"."""
    parts = [value / 255 for value in _channels(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _root(shades: Shades) -> str:
    return (
        f":root {{ --accent: {shades.accent}; --accent-fill: {shades.fill}; "
        f"--accent-fill-hover: {shades.hover}; --accent-soft: {shades.soft}; }}\n"
    )
