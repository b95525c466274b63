"""``python -m bench.simulation [--sittings N] [--seed N]``: what the scores would be worth.

Made-up people with known abilities play every task and fill in the questionnaire. Printed are the
reliability that is there (squared correlation with the true score), the one that split halves
recover, the bias, and how often the band holds the true score. Exits with 1 if any does so in
fewer than 93 %. It says how good the scoring is if people are as assumed; python -m
bench.simulation.harder says what is left if they are not, and only data can say what people are.
"""

import argparse
import sys
import time

from bench.simulation import people, puzzles, questionnaire, study
from eqsr.instruments import catalogue

LEAST = 0.93
QUESTIONNAIRES = ("work-style", "work-style-long")
PLAYERS: dict[str, people.Player] = {
    "digit-span": people.span(0.6),
    "block-span": people.span(0.6),
    "n-back": people.n_back,
    "ferry": people.ferry,
    "matrix": people.matrix,
    "spotting": people.spotting,
    "switching": people.switching,
}
HEAD = (
    f"{'instrument':17}{'scale':29}{'scored':>7}{'known r':>9}{'split r':>9}{'bias':>8}"
    f"{'band':>8}{'coverage':>10}  unit"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sittings", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    start = time.perf_counter()
    print(f"{options.sittings} sittings per instrument, seed {options.seed}\n\n{HEAD}")
    rows: list[study.Row] = []
    for instrument_id in QUESTIONNAIRES:
        instrument = catalogue.instrument(instrument_id)
        found = questionnaire.study(instrument, options.sittings, options.seed)
        _print(found)
        rows += found
    for instrument_id, player in PLAYERS.items():
        found = study.study(
            catalogue.instrument(instrument_id), player, options.sittings, options.seed
        )
        _print(found)
        rows += found
    print("\nWhen success falls with length a quarter faster or slower than assumed:\n")
    for steepness in (0.45, 0.75):
        name = f"digits, s = {steepness}"
        _print(_misfit(options.sittings // 4, options.seed, people.span(steepness), name))
    print("\nFerry: the bank, every structure searched in full\n")
    print("\n".join(puzzles.ferry_table()))
    print("\nPatterns: items of 60 seeds, every rule of the grammar tried on each\n")
    print("\n".join(puzzles.matrix_table()))
    below = [row for row in rows if row.coverage < LEAST]
    print(f"\n{time.perf_counter() - start:.0f} s. ", end="")
    print(f"Coverage below {LEAST:.0%}: {len(below)} of {len(rows)} scales.")
    return 1 if below else 0


def _misfit(sittings: int, seed: int, player: people.Player, name: str) -> list[study.Row]:
    return study.study(catalogue.instrument("digit-span"), player, sittings, seed, name)


def _print(rows: list[study.Row]) -> None:
    for row in rows:
        split = f"{row.recovered:.2f}" if row.recovered is not None else "-"
        print(
            f"{row.instrument[:16]:17}{row.scale[:28]:29}{row.scored:>7}{row.known:>9.2f}"
            f"{split:>9}{row.bias:>8.2f}{row.width:>8.2f}{row.coverage:>10.1%}  {row.unit}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
