"""One seed is one run: the same log to the byte, whatever ran before it and on whatever machine."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulation import hunt
from simulation.coverage import planned
from simulation.hunt import Tally
from simulation.lives import KINDS
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


@pytest.mark.slow
def test_seeds_give_the_same_logs_beside_a_busy_process():
    command = [sys.executable, "-m", "simulation", "determinism", "--seeds", "3"]
    done = subprocess.run(
        [*command, "--profile", "small"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" same") == 3
    assert "3 seeds were played twice; 0 gave another log" in done.stdout


def test_what_is_chosen_for_being_new_is_the_plan_of_its_seed():
    tally = Tally(seeds=1)
    seen = [planned(make(number, one)) for one in PROFILES if one != "rare" for number in range(9)]
    tally.coverage.planned.update({name: 1000 for plan in seen for name in plan})
    chosen = hunt.plan_for(2, "", tally)
    assert chosen.seed >= hunt.STEERED_FROM
    assert chosen == make(chosen.seed, chosen.profile)
    assert any(person.kind not in KINDS for person in chosen.people)
    assert hunt.plan_for(2, "", tally, steered=False) == make(2)
    assert hunt.plan_for(3, "", tally) == make(3)


def test_a_plan_depends_on_nothing_but_its_seed():
    for profile in PROFILES:
        assert make(5, profile) == make(5, profile)
        assert make(5, profile) != make(6, profile)
        assert make(5, profile, ("call hang",)) != make(5, profile)
