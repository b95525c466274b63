"""Reads the list of mutations from tests/mutations/*.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "mutations"


@dataclass(frozen=True)
class Mutation:
    """One line to break; ``file`` is relative to the checkout and contains ``old`` once."""

    decides: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def is_about(self, words: Sequence[str]) -> bool:
        """Whether the promise or the file's path contains each of ``words``."""
        text = f"{self.decides} {self.file}".lower()
        return all(word.lower() in text for word in words)

    def fits(self, root: Path = ROOT) -> bool:
        """Whether the file still contains ``old`` exactly once."""
        path = root / self.file
        return path.is_file() and path.read_text().count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Break the line in the checkout at ``root``."""
        path = root / self.file
        path.write_text(path.read_text().replace(self.old, self.new))

    def undo(self, root: Path, original: Path = ROOT) -> None:
        """Restore the file at ``root`` from ``original``."""
        (root / self.file).write_text((original / self.file).read_text())


def mutations() -> list[Mutation]:
    """Return all mutations, file by file. Raises KeyError for an incomplete entry."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text())["mutation"]:
            facts = {key: entry[key] for key in ("decides", "file", "old", "new")}
            found.append(Mutation(**facts, tests=tuple(entry["tests"])))
    return found
