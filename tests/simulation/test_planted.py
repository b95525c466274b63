"""The oracle can fail: it finds mistakes; `make simulate ARGS=planted` tries all of them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.hazards import CUSTOMER_ACTS, TROUBLES
from simulation.lives import KINDS
from simulation.planted import ROOT, planted
from simulation.profiles import PROFILES

pytestmark = pytest.mark.one_database

MISTAKES = planted()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.breaks)
def test_a_mistake_fits_the_code(mistake):
    assert mistake.profile in PROFILES
    assert set(mistake.favour) <= {*TROUBLES, *CUSTOMER_ACTS, *KINDS}
    for edit in mistake.edits:
        assert edit.fits(), f"{edit.old!r} stands not once in {edit.file}"
        ast.parse((ROOT / edit.file).read_text().replace(edit.old, edit.new))


def test_there_are_enough_and_none_is_there_twice():
    assert len({mistake.breaks for mistake in MISTAKES}) == len(MISTAKES) >= 25


@pytest.mark.slow
def test_a_mistake_is_found_and_replayed():
    done = subprocess.run(
        [sys.executable, "-m", "simulation", "planted", "grace", "--processes", "1"],
        capture_output=True,
        text=True,
        cwd=Path(ROOT),
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 were found." in done.stdout
