"""The reports' fonts, and which of them has which letters."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSans_400Regular.ttf", "NotoSans_600SemiBold.ttf"
MISSING = "\N{REPLACEMENT CHARACTER}"

# The ordinary font's own: Latin, Greek, Cyrillic, and Devanagari, which is joined.
BASE, DEVANAGARI = "NotoSans", "NotoSansDevanagari"
# Fonts of one weight for the scripts that the ordinary one lacks, by family.
OTHERS = {
    path.name.partition("_")[0]: path
    for path in sorted(FONTS.glob("*.?tf"))
    if path.name not in (REGULAR, BOLD)
}


@cache
def letters(file: Path = FONTS / REGULAR) -> frozenset[int]:
    """The letters that the font has, as code points."""
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def family_of(letter: str) -> str | None:
    """The font for a letter; None if no font has it."""
    if ord(letter) in letters():
        return DEVANAGARI if "DEVANAGARI" in unicodedata.name(letter, "") else BASE
    return next((one for one, file in OTHERS.items() if ord(letter) in letters(file)), None)


def printable(text: str) -> str:
    """The text on one line, composed, with a mark for each letter that no font has."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(one if family_of(one) else MISSING for one in plain)


def is_plain(text: str) -> bool:
    """Whether the letters stand one after the other as they are: nothing is joined, placed on
    another letter, or read from the right."""
    return all(family_of(one) == BASE and not _belongs_to_its_letter(one) for one in text)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of the text, each with its font. Marks and joiners stay with their letter, because
    fonts place and join only what comes in one piece."""
    family, start = "", 0
    for at, letter in enumerate(text):
        found = family_of(letter) or BASE
        if family and _belongs_to_its_letter(letter) and _has(family, letter):
            continue
        if family and found != family:
            yield family, text[start:at]
            start = at
        family = found
    if text:
        yield family, text[start:]


def pieces(word: str) -> Iterator[str]:
    """The letters of a word, each with its marks and joiners."""
    start = 0
    for at, letter in enumerate(word):
        if at and not _belongs_to_its_letter(letter):
            yield word[start:at]
            start = at
    if word:
        yield word[start:]


def _belongs_to_its_letter(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc") or letter in "\u200c\u200d"


def _has(family: str, letter: str) -> bool:
    file = OTHERS.get(family, FONTS / REGULAR)
    return ord(letter) in letters(file)
