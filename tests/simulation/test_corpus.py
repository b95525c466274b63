"""Each plan that once failed is played again, and a short hunt finds nothing."""

import subprocess
import sys

import pytest

from simulation import corpus
from tests.services.processes import ROOT

pytestmark = [pytest.mark.one_database, pytest.mark.slow]


def simulation(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulation", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=900, check=False
    )


@pytest.mark.parametrize("name", corpus.names())
def test_what_once_failed_is_mended(name):
    done = simulation("replay", "--plan", str(corpus.FOLDER / f"{name}.json"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_short_hunt_finds_nothing():
    """The same seeds each time: a fault that a test finds by chance helps nobody."""
    done = simulation("--seeds", "8", "--processes", "2", "--profile", "small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 seeds failed" in done.stdout
