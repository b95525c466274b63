"""Derive readable colours for pages and emails, light and dark, from an organisation's colour.

Pure functions. Minimum contrasts follow WCAG 2.2: 4.5 for text (1.4.3), 3 for other parts (1.4.11).
"""

from dataclasses import dataclass, field
from functools import lru_cache

from eqsr.core.colours import contrast, mix

PLATFORM = "#3a54c4"
TEXT, NO_TEXT = 4.5, 3.0

# Background colours: --canvas, --surface and --sunken of static/app.css.
LIGHT_GROUNDS = ("#faf9f7", "#ffffff")
DARK_GROUNDS = ("#171614", "#211f1d", "#2b2926")
WHITE, BLACK = "#ffffff", "#000000"


@dataclass(frozen=True)
class Shades:
    """Colours of one scheme, each as ``#rrggbb``.

    ``accent``: text and links. ``fill``: buttons. ``hover``: buttons under the pointer.
    ``soft``: quiet backgrounds.
    """

    accent: str
    fill: str
    hover: str
    soft: str


@dataclass(frozen=True)
class Brand:
    """The look of an organisation's emails and candidate pages. ``logo``: a PNG, or None."""

    light: Shades
    dark: Shades
    logo: bytes | None = field(default=None, repr=False)

    @property
    def stylesheet(self) -> str:
        """CSS that overrides the colour tokens of static/app.css."""
        dark = f"@media screen and (prefers-color-scheme: dark) {{\n{_root(self.dark)}}}\n"
        return _root(self.light) + dark


def brand(accent: str | None, logo: bytes | None = None) -> Brand:
    """Derive both schemes from an accent colour that passed ``checked_accent``.

    None stands for the platform's own colour.
    """
    return Brand(*_shades(accent or PLATFORM), logo)


# An email needs an organisation's shades at once; mixing them takes two thousand calls.
@lru_cache(maxsize=256)
def _shades(accent: str) -> tuple[Shades, Shades]:
    """Return the shades of the light scheme and of the dark one.

    In the dark scheme the accent is lightened in steps of 1 % until it has enough contrast.
    """
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


def _root(shades: Shades) -> str:
    return (
        f":root {{ --accent: {shades.accent}; --accent-fill: {shades.fill}; "
        f"--accent-fill-hover: {shades.hover}; --accent-soft: {shades.soft}; }}\n"
    )
