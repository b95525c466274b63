"""Elements of a report, independent of the output format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Heading:
    """``level``: 1 for the title, 2 for a chapter, 3 for a section, 4 for a part of one."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    text: str
    tone: Literal["plain", "muted", "strong"] = "plain"


@dataclass(frozen=True)
class Notice:
    """A framed sentence that must not be overlooked."""

    title: str
    text: str


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True)
class FactList:
    """Terms and what is said of them."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bar:
    """A scale with a person's band. ``start``, ``end``, ``point``: shares of the axis, 0 to 1, or
    None when the score can't be drawn. ``cells``: ten stens, else one range. ``described``: the
    same in words, for those who don't see it."""

    name: str
    value: str
    low_pole: str
    high_pole: str
    cells: bool
    described: str
    start: float | None = None
    end: float | None = None
    point: float | None = None


Element = Heading | Text | Notice | Bullets | FactList | Bar
