"""Puts each mistake of tests/simulation/faults.toml into a copy of the code and hunts for it."""

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "simulation" / "faults.toml"
# Seconds in which a mistake has to be found.
LIMIT = 300


@dataclass(frozen=True)
class Edit:
    """One change: ``old`` stands in the file exactly once."""

    file: str
    old: str
    new: str

    def fits(self, root: Path = ROOT) -> bool:
        """Whether the file still holds ``old`` exactly once."""
        path = root / self.file
        return path.is_file() and path.read_text().count(self.old) == 1


@dataclass(frozen=True)
class Planted:
    """A mistake: the promise that it breaks, its changes, and where to hunt for it."""

    breaks: str
    profile: str
    favour: tuple[str, ...]
    edits: tuple[Edit, ...]

    def apply(self, root: Path) -> None:
        """Make the mistake in the copy at ``root``."""
        for edit in self.edits:
            path = root / edit.file
            path.write_text(path.read_text().replace(edit.old, edit.new))

    def undo(self, root: Path) -> None:
        """Bring the files at ``root`` back."""
        for edit in self.edits:
            (root / edit.file).write_text((ROOT / edit.file).read_text())


def planted() -> list[Planted]:
    """All mistakes."""
    return [
        Planted(
            one["breaks"],
            one["profile"],
            tuple(one["favour"]),
            tuple(Edit(**edit) for edit in one["edits"]),
        )
        for one in tomllib.loads(LIST.read_text())["fault"]
    ]


def hunt_all(words: Sequence[str], processes: int) -> int:
    """Hunt for the mistakes with these numbers, or whose promise holds all ``words``.

    Returns 0 if each was found, and broke the same rule when its seed was replayed.
    """
    chosen = [
        one
        for number, one in enumerate(planted(), 1)
        if str(number) in words or all(word in one.breaks.lower() for word in words)
    ]
    missed = []
    with tempfile.TemporaryDirectory(prefix="eqsr-planted-") as folder:
        root = Path(folder)
        _copy(root)
        for mistake in chosen:
            mistake.apply(root)
            began = time.monotonic()
            try:
                found, line = _hunt(root, mistake, processes)
            finally:
                mistake.undo(root)
            seconds = time.monotonic() - began
            print(f"{'found ' if found else 'MISSED'} {seconds:4.0f} s  {mistake.breaks}")
            print(f"              {line}", flush=True)
            if not found:
                missed.append(mistake)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} were found.")
    return 1 if missed else 0


def _copy(root: Path) -> None:
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


def _hunt(root: Path, mistake: Planted, processes: int) -> tuple[bool, str]:
    """Hunt in the copy, then replay what was found: both must break the same rule."""
    command = ["hunt", "--minutes", f"{LIMIT / 60:g}", "--stop", "--show", "0"]
    command += ["--profile", mistake.profile, "--processes", str(processes)]
    command += ["--favour", ",".join(mistake.favour)]
    output = _run(root, command)
    failed = [line for line in output.splitlines() if line.startswith("Seed ")]
    if not failed:
        return False, output.strip().splitlines()[-1] if output.strip() else "no output"
    seed, rule = failed[0].split()[1], failed[0].split("): ", 1)[1].split(":")[0]
    replay = ["replay", seed, "--profile", mistake.profile, "--favour", ",".join(mistake.favour)]
    again = _run(root, replay)
    if f"  - {rule}:" not in again:
        return False, f"seed {seed} did not break {rule!r} again"
    return True, failed[0][:160]


def _run(root: Path, arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "simulation", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT * 4,
        check=False,
    )
    return done.stdout + done.stderr
