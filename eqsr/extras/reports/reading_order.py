"""The order in which a line's pieces stand on paper when some are read from the right."""

from collections.abc import Iterator
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

Piece = tuple[str, TextDirection]


def in_sight(text: str, direction: TextDirection) -> Iterator[list[Piece]]:
    """Groups of pieces from left to right: those of one direction, in the order of reading.

    ``direction``: the line's own. The levels are fpdf2's; pieces are turned by rule L2 of UAX 9.
    """
    paragraph = BidiParagraph(text=text, base_direction=direction, preserve_bn_chars=True)
    levels = groupby(paragraph.characters, key=lambda one: one.embedding_level)
    runs = [(level, "".join(one.character for one in letters)) for level, letters in levels]
    for level in range(max((level for level, _piece in runs), default=0), 0, -1):
        runs = list(_turned(runs, level))
    for odd, some in groupby(runs, key=lambda run: run[0] % 2):
        turned = TextDirection.RTL if odd else TextDirection.LTR
        pieces = [(piece, turned) for _level, piece in some]
        yield pieces[::-1] if odd else pieces


def _turned(runs: list[tuple[int, str]], level: int) -> Iterator[tuple[int, str]]:
    """Turn round every sequence of runs at this level or above."""
    for above, some in groupby(runs, key=lambda run: run[0] >= level):
        found = list(some)
        yield from found[::-1] if above else found
