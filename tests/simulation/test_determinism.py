"""One seed is one run: the same log to the byte, whatever ran before it and on whatever machine."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulation.planning import make
from simulation.profiles import PROFILES
from tests.services.processes import ROOT

pytestmark = pytest.mark.one_database


def digest(*arguments: str) -> str:
    """Play one seed in a process of its own and return the digest of its log."""
    command = [sys.executable, "-m", "simulation", "replay", *arguments]
    # Another hash seed than the simulation's own: it begins again with the right one.
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600, check=False
    )
    found = re.search(r"Digest of the log: (\w+)", done.stdout)
    assert found, done.stdout + done.stderr
    return found[1]


@pytest.mark.slow
def test_a_seed_gives_the_same_log_in_two_processes_at_once():
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: digest("6", "--profile", "small"), range(2))
    assert first == second
    assert first != digest("7", "--profile", "small")


def test_a_plan_depends_on_nothing_but_its_seed():
    for profile in PROFILES:
        assert make(5, profile) == make(5, profile)
        assert make(5, profile) != make(6, profile)
        assert make(5, profile, ("call hang",)) != make(5, profile)
