"""``python -m bench.simulation.harder [--sittings N] [--seed N]``: bars when people are different.

The scoring assumes how people and items are. Here they are not like that. Printed is how often the
bar holds the true score, for the middle eight tenths of the scores and for the lowest and the
highest tenth, first as assumed and then under each harder truth. ``--markdown`` prints the table
of docs/limits.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bench.simulation import harder_people, people, questionnaire, study
from bench.simulation.questionnaire import Truth
from eqsr.instruments import catalogue
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.score import DAY_TO_DAY

Seen = Sequence[tuple[float, ScaleScore]]

TRUTHS = {
    "as assumed": questionnaire.ASSUMED_TRUTH,
    "alpha lower by .05": Truth(less_alpha=0.05, daily=DAY_TO_DAY),
    "few far up (skewness 1)": Truth(daily=DAY_TO_DAY, skewed=True),
    "phrases unequal (SD .4)": Truth(daily=DAY_TO_DAY, unequal=0.4),
    "no change from day to day": Truth(),
    "alpha lower, skewed, unequal": Truth(0.05, DAY_TO_DAY, True, 0.4),
}
PLAYERS: dict[str, dict[str, people.Player]] = {
    "digit-span": {
        "as assumed": people.span(0.6),
        "steepness .45": people.span(0.45),
        "steepness .9": people.span(0.9),
        "8 % lapses": people.span(0.6, harder_people.LAPSES),
    },
    "n-back": {"as assumed": people.n_back, "attention comes and goes": harder_people.n_back},
    "ferry": {"as assumed": people.ferry, "unequal puzzles, lapses, skew": harder_people.ferry},
    "matrix": {"as assumed": people.matrix, "unequal items, lapses, skew": harder_people.matrix},
    "spotting": {
        "as assumed": people.spotting,
        "times hang together (.4)": harder_people.two_choice(people.spotting),
    },
    "switching": {
        "as assumed": people.switching,
        "times hang together (.4)": harder_people.two_choice(people.switching),
    },
}


@dataclass(frozen=True)
class Coverage:
    """Share of bars that hold the true score: lowest tenth, middle eight tenths, highest tenth."""

    instrument: str
    scale: str
    truth: str
    low: float
    middle: float
    high: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sittings", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    print(f"{options.sittings} sittings per instrument and truth, seed {options.seed}\n")
    form: Callable[[str, str, str, str, str], str] = _markdown if options.markdown else _plain
    print(form("scale", "truth", "lowest tenth", "middle", "highest tenth"))
    found = coverages(options.sittings, options.seed, options.only)
    if options.markdown:
        print("|---|---|--:|--:|--:|")
        for (instrument, truth), rows in groupby(found, lambda row: (row.instrument, row.truth)):
            print(form(instrument, truth, *_ranges(list(rows))), flush=True)
        return 0
    for row in found:
        shares = (f"{share:.1%}" for share in (row.low, row.middle, row.high))
        print(form(f"{row.instrument}: {row.scale}", row.truth, *shares), flush=True)
    return 0


def _ranges(rows: Sequence[Coverage]) -> Iterator[str]:
    """Least and most coverage of an instrument's scales, in per cent: low, middle, high."""
    for shares in zip(*((row.low, row.middle, row.high) for row in rows), strict=True):
        least, most = (f"{100 * share:.0f}" for share in (min(shares), max(shares)))
        yield least if least == most else f"{least}–{most}"


def coverages(sittings: int, seed: int, only: Sequence[str]) -> Iterator[Coverage]:
    """Every scale under every truth; ``only`` these instruments, if any are named."""
    for instrument_id in ("work-style", "work-style-long"):
        if only and instrument_id not in only:
            continue
        instrument = catalogue.instrument(instrument_id)
        for name, truth in TRUTHS.items():
            yield from _rows(instrument, name, questionnaire.sat(instrument, sittings, seed, truth))
    for instrument_id, players in PLAYERS.items():
        if only and instrument_id not in only:
            continue
        instrument = catalogue.instrument(instrument_id)
        for name, player in players.items():
            yield from _rows(instrument, name, study.played(instrument, player, sittings, seed))


def _rows(
    instrument: catalogue.Instrument, truth: str, seen: dict[str, list[tuple[float, ScaleScore]]]
) -> Iterator[Coverage]:
    for scale in instrument.scales:
        if seen.get(scale.id):
            parts = (_held(part) for part in _tenths(seen[scale.id]))
            yield Coverage(instrument.name, scale.name, truth, *parts)


def _tenths(seen: Seen) -> tuple[Seen, Seen, Seen]:
    """Lowest tenth, middle, highest tenth by observed score."""
    ordered = sorted(seen, key=lambda one: one[1].raw or 0)
    tenth = max(1, len(ordered) // 10)
    return ordered[:tenth], ordered[tenth:-tenth], ordered[-tenth:]


def _held(seen: Seen) -> float:
    inside = [(s.raw_low or 0) <= truth <= (s.raw_high or 0) for truth, s in seen]
    return sum(inside) / len(inside) if inside else 0.0


def _plain(scale: str, truth: str, low: str, middle: str, high: str) -> str:
    return f"{scale:46}{truth:32}{low:>13}{middle:>9}{high:>14}"


def _markdown(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
