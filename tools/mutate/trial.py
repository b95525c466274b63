"""Runs tests in a copy of the checkout in which one line at a time is broken."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tools.mutate.mutations import ROOT, Mutation

# Seconds for one mutation's tests; a mutation that makes them hang counts as noticed.
LIMIT = 600
MARKS = "not browser and not engines"
# pytest's exit code when some tests failed.
TESTS_FAILED = 1


class Outcome(StrEnum):
    """Result of a mutation. ``BROKEN``: its tests could not run, so they prove nothing."""

    KILLED = "killed"
    HUNG = "hung"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class TestRun:
    """Exit code (None: it hung) and output of a pytest run."""

    code: int | None
    output: str


class Tree:
    """A copy, at ``root``, of the files that git tracks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
        for name in filter(None, tracked.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)

    def attempt(self, mutation: Mutation, database: str) -> Outcome:
        """Break the line, run its tests and restore the line."""
        mutation.apply(self.root)
        try:
            run = run_tests(self, mutation.tests, database, limit=LIMIT)
        finally:
            mutation.undo(self.root)
        if run.code is None:
            return Outcome.HUNG
        if run.code == TESTS_FAILED:
            return Outcome.KILLED
        return Outcome.SURVIVED if run.code == 0 else Outcome.BROKEN


def run_tests(
    tree: Tree,
    tests: Sequence[str],
    database: str,
    *,
    at_once: int = 1,
    limit: float | None = None,
) -> TestRun:
    """Run ``tests`` (pytest's arguments) in the tree until one fails.

    Uses ``at_once`` processes and at most ``limit`` seconds.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", MARKS]
    if at_once > 1:
        command += ["--numprocesses", str(at_once), "--dist", "loadfile"]
    environment = os.environ | {"TEST_DATABASE": database, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests],
            cwd=tree.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TestRun(None, "")
    return TestRun(done.returncode, done.stdout + done.stderr)
