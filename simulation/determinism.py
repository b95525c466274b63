"""Plays seeds twice, in two processes at two loads, and compares the digests of their logs."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulation.hunt import hunt
from simulation.play import Outcome


def determinism(first: int, seeds: int, profile: str) -> int:
    """Print a table; exit code 0: each seed gave one digest.

    The second round plays the seeds in a process that is new, while another one is busy.
    """
    quiet = _round(first, seeds, profile)
    with _busy():
        loaded = _round(first, seeds, profile)
    different = 0
    print("seed      profile  moves   steps  digest alone  digest beside a busy process")
    for one, other in zip(quiet, loaded, strict=True):
        same = one.digest == other.digest and one.steps == other.steps
        different += not same
        print(
            f"{one.plan.seed:<9} {one.plan.profile:<8} {one.moves:>5} {one.steps:>7}  "
            f"{one.digest[:12]}  {other.digest[:12]}  {'same' if same else 'DIFFERENT'}"
        )
    print(f"{seeds} seeds were played twice; {different} gave another log the second time.")
    return 1 if different else 0


def _round(first: int, seeds: int, profile: str) -> list[Outcome]:
    found = [one for one, _ in hunt(first, seeds, 0.0, profile, 1, steered=False)]
    return sorted(found, key=lambda one: one.plan.seed)


@contextmanager
def _busy() -> Iterator[None]:
    context: Any = multiprocessing.get_context("spawn")
    process = context.Process(target=_spin, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _spin() -> None:
    while True:
        sum(range(100_000))
