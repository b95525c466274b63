"""The reports' fonts, and which letters they have."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSans_400Regular.ttf", "NotoSans_600SemiBold.ttf"
MISSING = "\N{REPLACEMENT CHARACTER}"


@cache
def letters() -> frozenset[int]:
    """The letters that the fonts have, as code points."""
    with TTFont(FONTS / REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text on one line, with a mark for each letter that the fonts do not have."""
    plain = " ".join(text.split())
    return "".join(one if ord(one) in letters() else MISSING for one in plain)
