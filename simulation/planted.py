"""Puts each mistake of tests/simulation/faults.toml into a copy of the code and looks for it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.mistakes import ROOT, Known, Mistake, mistakes, record
from simulation.planning import make
from simulation.play import play
from simulation.seek import SEED, rules_of
from simulation.world import Installation

# Seconds in which a mistake has to be found.
LIMIT = 300.0


@dataclass(frozen=True)
class Search:
    """How to look: first at the ``known`` seed, then from the first seed on, for ``limit`` seconds.

    ``record``: write into the list what found each mistake. ``today``: only the mistake whose turn
    it is, so that all of them come round.
    """

    known: bool = False
    record: bool = False
    today: bool = False
    limit: float = LIMIT


def find_all(words: Sequence[str], search: Search) -> int:
    """Look for the mistakes with these numbers, or whose promise holds all ``words``.

    Returns 0 if each was found, and its seed breaks the same rule again and breaks nothing in the
    code without the mistake.
    """
    chosen = _chosen(words, search)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="eqsr-planted-") as folder:
        root = Path(folder)
        copy_to(root)
        faultless = _Faultless()
        for number, mistake in chosen:
            known, why = _find(root, mistake, search, faultless)
            seconds = f"{known.seconds if known else search.limit:4.0f} s"
            print(f"{number:2} {'found ' if known else 'MISSED'} {seconds}  {mistake.breaks}")
            if known is None:
                missed += 1
                print(f"              {why}", flush=True)
                continue
            print(f"              seed {known.seed} ({mistake.profile}): {known.rule}", flush=True)
            if search.record and known != mistake.known:
                record(mistake, known)
        faultless.close()
    print(f"{len(chosen) - missed} of {len(chosen)} were found.")
    return 1 if missed else 0


def _chosen(words: Sequence[str], search: Search) -> list[tuple[int, Mistake]]:
    numbered = list(enumerate(mistakes(), 1))
    numbers = {int(word) for word in words if word.isdecimal()}
    texts = [word.lower() for word in words if not word.isdecimal()]
    by_text = bool(texts) or not numbers
    found = [
        (number, one)
        for number, one in numbered
        if number in numbers or (by_text and all(text in one.breaks.lower() for text in texts))
    ]
    if search.today and found:
        return [found[int(time.time() // 86400) % len(found)]]
    return found


class _Faultless:
    """The code without any mistake, in this process; it is set up when it is first asked."""

    def __init__(self) -> None:
        self._installation: Installation | None = None

    def rules(self, mistake: Mistake, seed: int) -> list[str]:
        """The rules that the seed breaks without the mistake: false alarms, or faults of today."""
        if self._installation is None:
            self._installation = Installation()
        plan = make(seed, mistake.profile, mistake.favour)
        return rules_of(play(self._installation, plan))

    def close(self) -> None:
        """Give everything back."""
        if self._installation is not None:
            self._installation.close()


def _find(
    root: Path, mistake: Mistake, search: Search, faultless: _Faultless
) -> tuple[Known | None, str]:
    """What finds the mistake, or None and what was seen instead."""
    known = mistake.known if search.known else None
    if known is not None:
        if known.rule in _seek(root, mistake, known.seed, 0)[1]:
            return known, ""
        print(f"seed {known.seed} does not find it any more: {mistake.breaks}", flush=True)
    first, left, why = 1, search.limit, "no seed breaks a rule"
    while left > 0:
        seed, rules, seconds = _seek(root, mistake, first, left)
        left -= seconds
        if seed is None:
            break
        false = faultless.rules(mistake, seed)
        good = [rule for rule in rules if rule not in false]
        if good:
            return Known(seed, good[0], round(search.limit - left)), ""
        why = f"seed {seed} breaks {', '.join(rules)} without the mistake too"
        print(why, flush=True)
        first = seed + 1
    return None, why


def _seek(
    root: Path, mistake: Mistake, first: int, seconds: float
) -> tuple[int | None, list[str], float]:
    """(seed, rules, seconds of one core): the first seed in which the mistake shows, twice.

    ``seconds``: 0 plays only the first seed.
    """
    command = [sys.executable, "-m", "simulation", "seek", str(first), "--profile", mistake.profile]
    command += ["--favour", ",".join(mistake.favour), "--seconds", f"{seconds:.0f}"]
    before = os.times()
    mistake.apply(root)
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT * 12,
            check=False,
        )
    finally:
        mistake.undo(root)
    if done.returncode:
        raise RuntimeError(f"{mistake.breaks}: {done.stderr[-2000:]}")
    after = os.times()
    spent = sum(after[2:4]) - sum(before[2:4])
    found = SEED.search(done.stdout)
    return (int(found[1]), found[2].split("; "), spent) if found else (None, [], spent)


def copy_to(root: Path) -> None:
    """Copy what git tracks, and what is new."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes((ROOT / name).read_bytes())
