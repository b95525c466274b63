"""Installs the product into a folder as deploy/Dockerfile does, and reads the files in deploy/."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.services.processes import ROOT

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile: its name, and the rest without line ends."""

    name: str
    rest: str


def dockerfile() -> list[Instruction]:
    """Read deploy/Dockerfile's instructions."""
    text = (DEPLOY / "Dockerfile").read_text()
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def copied() -> list[str]:
    """What the image gets of this folder."""
    found = []
    for one in dockerfile():
        if one.name == "COPY" and not one.rest.startswith("--from"):
            *sources, _target = one.rest.split()
            found += sources
    return found


def unit(name: str) -> list[tuple[str, str]]:
    """Read a systemd unit's settings, in order; names may repeat."""
    lines = (DEPLOY / "systemd" / name).read_text().splitlines()
    return [
        (key, value)
        for line in lines
        if re.match("[A-Za-z]+=", line)
        for key, _sign, value in [line.partition("=")]
    ]


@dataclass(frozen=True)
class Installation:
    """The product in a folder of its own, with what it may not write to."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def command(self, words: str | list[str]) -> list[str]:
        """A command of one of the files, on this installation's programs and port."""
        listed = shlex.split(words) if isinstance(words, str) else list(words)
        program = Path(listed[0]).name
        if (BIN / program).exists():
            listed[0] = str(BIN / program)
        return [re.sub(r":8000\b|:\$PORT\b", f":{self.port}", word) for word in listed]

    def run(self, words: str | list[str], **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(words),
            cwd=self.folder,
            env=os.environ | dict(self.environment) | more,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def listing(self) -> dict[str, tuple[int, int]]:
        """Every file with its size and time of change: what a read-only file system keeps."""
        return {
            str(path.relative_to(self.folder)): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


def install(folder: Path) -> None:
    """Copy what the image would hold."""
    folder.mkdir(parents=True)
    for name in copied():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.po")
            )
        else:
            shutil.copy2(source, folder / name)
