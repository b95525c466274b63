"""The fault campaign in its short form, and its means of finding something."""

import os
import subprocess
import sys

import pytest

from tests.services.processes import ROOT
from tools.chaos import plan
from tools.chaos.plan import FULL, SHORT
from tools.chaos.trouble import schedule

pytestmark = pytest.mark.postgres


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_in_a_short_campaign():
    database = os.environ.get("TEST_DATABASE", "sqlite")
    command = [sys.executable, "-m", "tools.chaos", "--short", "--database", database]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was lost, nothing was doubled." in done.stdout


def test_the_seed_decides_who_moves_where_and_what_breaks_when():
    assert plan.people(SHORT, 7) == plan.people(SHORT, 7)
    assert plan.people(SHORT, 7) != plan.people(SHORT, 8)
    assert schedule(SHORT, 7) == schedule(SHORT, 7)
    assert schedule(SHORT, 7) != schedule(SHORT, 8)


@pytest.mark.parametrize("size", [SHORT, FULL])
def test_a_campaign_has_everybody_and_everything(size):
    people = plan.people(size, 1)
    assert {person.kind for person in people} == set(plan.KINDS)
    assert len({person.customer for person in people}) == size.customers >= 4
    moves = sum(step.action in ("move", "transfer") for one in people for step in one.steps)
    assert moves >= size.moves
    broken = {event.what for event in schedule(size, 1)}
    assert {"kill worker", "kill web", "wipe Redis", "Redis away", "database away"} <= broken
    assert {"401", "403", "429", "500", "503", "slow", "cut", "garbage"} <= broken
    assert {"drop", "duplicate", "reorder", "wrong_signature", "suspend"} <= broken
    assert {"smtp_refuse", "smtp_4xx", "smtp_hang"} <= broken
    assert {"smtp_drop_before_250", "smtp_drop_after_250"} <= broken
