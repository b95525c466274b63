"""``python -m bench.simulation.careless [--sittings N] [--seed N]``: who is read, who is not.

People who read, unlike each other in traits, ways of using the options, and now and then
inattentive; and sittings without reading, at several paces. Printed is how many of each cannot be
interpreted. Exits with 1 if more than 2 in 100 sincere sittings are refused, or more than 10 in 100
random ones read.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable, Mapping, Sequence

from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, ScaleNorm
from eqsr.instruments.scoring import ItemResponse
from eqsr.instruments.scoring.careless_answers import quality

MOST_REFUSED, MOST_READ = 0.02, 0.10
ASSUMED = ScaleNorm(mean=3.5, sd=0.55)
ITEM_SETS = 10
"""How many sets of phrases, each with its own difficulties and loadings, people are spread over."""

Sheet = Mapping[int, ItemResponse]
Answering = Callable[[Instrument, random.Random], Sequence[int]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sittings", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    print(f"{options.sittings} sittings per line, seed {options.seed}\n")
    print("| instrument | sittings | pace per phrase | cannot be interpreted |\n|---|---|---|--:|")
    failed = False
    for instrument_id in ("work-style", "work-style-long"):
        instrument = catalogue.instrument(instrument_id)
        rng = random.Random(options.seed)
        for name, pace, sheets in _lines(instrument, options.sittings, rng):
            refused = sum(not quality(instrument, sheet).interpretable for sheet in sheets)
            share = refused / len(sheets)
            print(f"| {instrument.name} | {name} | {pace} | {share:.1%} |", flush=True)
            failed |= name.startswith("sincere") and share > MOST_REFUSED
            failed |= name == "random" and 1 - share > MOST_READ
    return 1 if failed else 0


def _lines(
    instrument: Instrument, sittings: int, rng: random.Random
) -> list[tuple[str, str, list[Sheet]]]:
    lines = [("sincere", "as long as reading takes", sincere_sheets(instrument, sittings, rng))]
    for low, high in ((0.4, 0.8), (1.0, 2.5), (3.0, 8.0)):
        sheets = [_timed(random_answers(instrument, rng), low, high, rng) for _ in range(sittings)]
        lines.append(("random", f"{low:g}–{high:g} s", sheets))
    for name, answering in OTHERS.items():
        sheets = [_timed(answering(instrument, rng), 1, 2.5, rng) for _ in range(sittings)]
        lines.append((name, "1–2.5 s", sheets))
    strong = sincere_sheets(instrument, sittings, rng, style=2)
    lines.append(("reading, strong answering styles", "as long as reading takes", strong))
    halves = [
        _half(one, _timed(random_answers(instrument, rng), 1, 2.5, rng))
        for one in sincere_sheets(instrument, sittings, rng)
    ]
    return [*lines, ("second half random", "1–2.5 s", halves)]


def random_answers(instrument: Instrument, rng: random.Random) -> list[int]:
    """Every option is as likely."""
    return [rng.randint(1, 5) for _ in instrument.items]


def _preferring(instrument: Instrument, rng: random.Random) -> list[int]:
    weights = [rng.random() for _ in range(5)]
    return rng.choices((1, 2, 3, 4, 5), weights, k=len(instrument.items))


def _middling(instrument: Instrument, rng: random.Random) -> list[int]:
    return [min(5, max(1, round(rng.gauss(3, 1)))) for _ in instrument.items]


def _repeating(pattern: Sequence[int]) -> Answering:
    def answering(instrument: Instrument, rng: random.Random) -> list[int]:
        start = rng.randrange(len(pattern))
        return [pattern[(start + at) % len(pattern)] for at in range(len(instrument.items))]

    return answering


OTHERS: dict[str, Answering] = {
    "random, some options liked more": _preferring,
    "random, mostly in the middle": _middling,
    "1-2-3-4-5 over and over": _repeating((1, 2, 3, 4, 5)),
    "up and down": _repeating((1, 2, 3, 4, 5, 4, 3, 2)),
    "one option": _repeating((4,)),
}


def sincere_sheets(
    instrument: Instrument, sittings: int, rng: random.Random, style: float = 1
) -> list[Sheet]:
    """People who read every phrase, in ``ITEM_SETS`` samples of phrases.

    ``style``: how much more than usual they differ in agreeing and in using the outer options.
    """
    sheets: list[Sheet] = []
    while len(sheets) < sittings:
        hard = {item.number: rng.gauss(0, 0.35) for item in instrument.items}
        load = {item.number: max(0.5, rng.gauss(1, 0.2)) for item in instrument.items}
        some = max(1, sittings // ITEM_SETS)
        sheets += [_sincere(instrument, hard, load, rng, style) for _ in range(some)]
    return sheets[:sittings]


def _sincere(
    instrument: Instrument,
    hard: Mapping[int, float],
    load: Mapping[int, float],
    rng: random.Random,
    style: float,
) -> Sheet:
    """One person: correlated traits, facets, agreeing too readily, extreme or cautious options."""
    favourable, agreeing = rng.gauss(0, 1), rng.gauss(0, 0.2 * style)
    extreme, lapses = math.exp(rng.gauss(0, 0.22 * style)), max(0.0, rng.gauss(0.02, 0.02))
    wholes = {facet.id: facet.part_of for facet in instrument.facets}
    parts = {facet.id: rng.gauss(0, 0.45) for facet in instrument.facets}
    traits = {scale.id: 0.35 * favourable + 0.94 * rng.gauss(0, 1) for scale in instrument.scales}
    seconds = math.exp(rng.gauss(0.9, 0.3))
    sheet = {}
    for item in instrument.items:
        scale = wholes.get(item.scale) or item.scale
        group = instrument.norm.scales.get(scale, ASSUMED)
        trait = 0.93 * group.sd * traits[scale] * load[item.number]
        wish = group.mean - 3 + trait + parts.get(item.scale, 0) + hard[item.number]
        wish += rng.gauss(0, 0.9 if parts else 1.0)
        value = min(5, max(1, round(3 + extreme * item.keyed * wish + agreeing)))
        if rng.random() < lapses:
            value = rng.randint(1, 5)
        ms = 1000 * seconds * (0.6 + len(item.text) / 75) * math.exp(rng.gauss(0, 0.4))
        sheet[item.number] = ItemResponse(value, round(ms))
    return sheet


def _timed(values: Sequence[int], low: float, high: float, rng: random.Random) -> Sheet:
    """Answers with times between ``low`` and ``high`` seconds, whatever there was to read."""
    return {
        number: ItemResponse(value, round(1000 * rng.uniform(low, high)))
        for number, value in enumerate(values, start=1)
    }


def _half(first: Sheet, second: Sheet) -> Sheet:
    return {n: (first if n <= len(first) / 2 else second)[n] for n in first}


if __name__ == "__main__":
    sys.exit(main())
