"""Whether answers were given carefully enough to be interpreted.

Careless answers make a result "not interpretable". They never make a score low.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """When a measure becomes a sign of careless answering.

    Two signs beyond ``doubt``, or one beyond ``void``, make a result not interpretable.
    """

    code: str
    doubt: float
    void: float
    high_is_bad: bool
    sentence: str

    def crossed(self, value: float, limit: float) -> bool:
        """Whether ``value`` has reached ``limit``, one of ``doubt`` and ``void``."""
        return value >= limit if self.high_is_bad else value <= limit


@dataclass(frozen=True)
class Flag:
    """A sign that was found. ``void``: this sign alone makes the result not interpretable."""

    code: str
    value: float
    limit: float
    void: bool
    sentence: str


@dataclass(frozen=True)
class Quality:
    """Whether the result is interpretable, the signs found, and all measures."""

    interpretable: bool
    flags: tuple[Flag, ...]
    measures: dict[str, float]


def judged(measures: dict[str, float], limits: Iterable[Limit]) -> Quality:
    """Compare measures (code -> value) with limits; a missing measure is not judged.

    Not interpretable with one void sign or two signs of doubt.
    """
    flags = []
    for limit in limits:
        value = measures.get(limit.code)
        if value is not None and limit.crossed(value, limit.doubt):
            void = limit.crossed(value, limit.void)
            crossed = limit.void if void else limit.doubt
            flags.append(Flag(limit.code, value, crossed, void, limit.sentence.format(value=value)))
    interpretable = len(flags) < 2 and not any(flag.void for flag in flags)
    return Quality(interpretable, tuple(flags), measures)
