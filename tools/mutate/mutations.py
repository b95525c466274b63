"""The list of mutations, read from tests/mutations/*.toml."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "mutations"


@dataclass(frozen=True)
class Mutation:
    """One line to break. ``file`` is relative to the checkout; ``old`` stands there once."""

    decides: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def is_about(self, words: Sequence[str]) -> bool:
        """Whether each of ``words`` stands in the promise or in the file's path."""
        text = f"{self.decides} {self.file}".lower()
        return all(word.lower() in text for word in words)

    def fits(self, root: Path = ROOT) -> bool:
        """Whether ``old`` still stands exactly once in the file."""
        path = root / self.file
        return path.is_file() and path.read_text().count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Break the line in the checkout at ``root``."""
        path = root / self.file
        path.write_text(path.read_text().replace(self.old, self.new))

    def undo(self, root: Path, original: Path = ROOT) -> None:
        """Put the file at ``root`` back as it is in ``original``."""
        (root / self.file).write_text((original / self.file).read_text())


def mutations() -> list[Mutation]:
    """All mutations, file by file. Raises KeyError for an entry that lacks something."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text())["mutation"]:
            facts = {key: entry[key] for key in ("decides", "file", "old", "new")}
            found.append(Mutation(**facts, tests=tuple(entry["tests"])))
    return found
