"""The known mistakes: tests/simulation/faults.toml, read and written."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "simulation" / "faults.toml"


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
class Known:
    """What found a mistake: the seed, the rule that it broke, and the seconds from nothing."""

    seed: int
    rule: str
    seconds: int


@dataclass(frozen=True)
class Mistake:
    """The promise that a mistake breaks, its changes, where to hunt for it, and what found it."""

    breaks: str
    profile: str
    favour: tuple[str, ...]
    edits: tuple[Edit, ...]
    known: Known | None

    def apply(self, root: Path) -> None:
        """Make the mistake in the copy at ``root``."""
        for edit in self.edits:
            path = root / edit.file
            path.write_text(path.read_text().replace(edit.old, edit.new))

    def undo(self, root: Path) -> None:
        """Bring the files at ``root`` back."""
        for edit in self.edits:
            (root / edit.file).write_text((ROOT / edit.file).read_text())


def mistakes(path: Path = LIST) -> list[Mistake]:
    """All mistakes."""
    return [
        Mistake(
            one["breaks"],
            one["profile"],
            tuple(one["favour"]),
            tuple(Edit(**edit) for edit in one["edits"]),
            Known(**one["known"]) if "known" in one else None,
        )
        for one in tomllib.loads(path.read_text())["fault"]
    ]


def record(mistake: Mistake, known: Known, path: Path = LIST) -> None:
    """Write into the list what found a mistake, in the line after its ``favour``."""
    blocks = path.read_text().split("[[fault]]\n")
    line = f'known = {{ seed = {known.seed}, rule = "{known.rule}", seconds = {known.seconds} }}\n'
    for number, block in enumerate(blocks):
        if f'breaks = "{mistake.breaks}"\n' in block:
            bare = re.sub(r"^known = .*\n", "", block, flags=re.M)
            blocks[number] = re.sub(
                r"^(favour = .*\n)", lambda found: found[1] + line, bare, count=1, flags=re.M
            )
    path.write_text("[[fault]]\n".join(blocks))
