"""``make mutate``: break one decisive line at a time and see its own tests fail.

The mutations stand in tests/mutations/*.toml, an entry each: ``decides`` (the promise that the line
keeps), ``file``, ``old`` (text that is there exactly once), ``new``, and ``tests`` (pytest's
arguments). A mutation that its tests do not notice has survived, and is an error.

ARGS: words that ``decides`` or ``file`` must hold; ``--jobs N``; ``--database postgresql``.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.mutate.mutations import Mutation, mutations
from tools.mutate.trial import Outcome, Tree, run_tests

JOBS = 2


def main(arguments: list[str]) -> int:
    """Try the selected mutations; return 0 only if each one's tests failed."""
    options = _options(arguments)
    chosen = [one for one in mutations() if one.is_about(options.words)]
    if not chosen:
        print("No mutation is about that.")
        return 1
    with tempfile.TemporaryDirectory(prefix="eqsr-mutate-") as folder:
        trees = [Tree(Path(folder) / str(number)) for number in range(options.jobs)]
        print(f"The tests of {len(chosen)} mutations on the code as it is …", flush=True)
        tests = sorted({test for one in chosen for test in one.tests})
        untouched = run_tests(trees[0], tests, options.database, at_once=options.jobs)
        if untouched.code != 0:
            print(untouched.output[-4000:])
            print("They must pass before anything is broken.")
            return 1
        outcomes = _try_all(chosen, trees, options.database)
    return _report(chosen, outcomes)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args(arguments)


def _try_all(chosen: list[Mutation], trees: list[Tree], database: str) -> list[Outcome]:
    """Try each mutation in the next free tree; return outcomes in the order of ``chosen``."""
    free = list(trees)

    def attempt(mutation: Mutation) -> Outcome:
        tree, began = free.pop(), time.monotonic()
        try:
            outcome = tree.attempt(mutation, database)
        finally:
            free.append(tree)
        seconds = time.monotonic() - began
        print(f"  {outcome.value:<9} {seconds:4.0f} s  {mutation.decides}", flush=True)
        return outcome

    with ThreadPoolExecutor(len(trees)) as pool:
        return list(pool.map(attempt, chosen))


def _report(chosen: list[Mutation], outcomes: list[Outcome]) -> int:
    counted = Counter(outcomes)
    print(", ".join(f"{number} {outcome.value}" for outcome, number in counted.items()))
    wrong = [
        (mutation, outcome)
        for mutation, outcome in zip(chosen, outcomes, strict=True)
        if outcome not in (Outcome.KILLED, Outcome.HUNG)
    ]
    for mutation, outcome in wrong:
        print(f"{outcome.value}: {mutation.decides} ({mutation.file}: {mutation.old.strip()})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
