"""``python -m bench.simulation.fairness [--tables N] [--seed N]``: how often groups are marked.

Five groups on the fairness board apply for three jobs. Where they are alike, any mark is a false
alarm; where the first or the last is selected half as often as the others, its mark is right. Exits
with 1 if more than 5 in 100 tables of alike groups have a mark.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Mapping

from eqsr.extras.fairness.rates import GroupRow, table
from eqsr.extras.fairness.within_jobs import Count

SIZES = {
    "five of 40": (40, 40, 40, 40, 40),
    "200, 100, 60, 40, 20": (200, 100, 60, 40, 20),
    "five of 200": (200, 200, 200, 200, 200),
}
JOBS = {"picky": (0.1, 0.5), "usual": (0.3, 0.3), "open": (0.6, 0.2)}
"""Share of people selected, and of people who apply there."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    print(f"{options.tables} tables each, seed {options.seed}\n")
    print("| people per group | any mark | any ratio < .80 | first at half | last at half |")
    print("|---|--:|--:|--:|--:|")
    most = 0.0
    for name, sizes in SIZES.items():
        rng = random.Random(options.seed)
        alike = [_table(sizes, {}, rng) for _ in range(options.tables)]
        marked = _share(any(row.is_lower for row in rows) for rows in alike)
        below = _share(any((row.ratio or 1) < 0.8 for row in rows) for rows in alike)
        found = [
            _share(
                _table(sizes, {worse: 0.5}, rng)[worse].is_lower for _ in range(options.tables // 4)
            )
            for worse in (0, 4)
        ]
        shares = " | ".join(f"{share:.1%}" for share in (marked, below, *found))
        print(f"| {name} | {shares} |", flush=True)
        most = max(most, marked)
    return 1 if most > 0.05 else 0


def _table(
    sizes: tuple[int, ...], worse: Mapping[int, float], rng: random.Random
) -> list[GroupRow]:
    """A table of groups of these sizes; the rates of those in ``worse`` are that much lower."""
    counts = {}
    for group, size in enumerate(sizes):
        by_job = {job: [0, 0] for job in JOBS}
        for _ in range(size):
            job = rng.choices(list(JOBS), [share for _, share in JOBS.values()])[0]
            by_job[job][0] += 1
            by_job[job][1] += rng.random() < JOBS[job][0] * worse.get(group, 1.0)
        counts[(str(group),)] = {job: Count(*found) for job, found in by_job.items()}
    return table(counts, sum(sizes))


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


if __name__ == "__main__":
    sys.exit(main())
