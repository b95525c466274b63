"""A failing plan gets smaller within its bound of time, and never larger."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from simulation.coverage import Coverage
from simulation.log import Line
from simulation.mistakes import mistakes
from simulation.oracle.judge import Finding
from simulation.plan import Plan
from simulation.planning import make
from simulation.planted import copy_to
from simulation.play import Outcome
from simulation.shrink import Limits, concerns, shrink
from simulation.story import tell

pytestmark = pytest.mark.one_database


class Played:
    """Plays without playing: a plan fails as ``breaks`` says, and each takes ten seconds."""

    def __init__(self, breaks, named=""):
        self.breaks, self.named, self.seconds, self.failed = breaks, named, 0.0, []

    def __call__(self, plan: Plan) -> Outcome:
        self.seconds += 10
        found = [Finding("a rule", f"{self.named} is wrong")] if self.breaks(plan) else []
        if found:
            self.failed.append(plan)
        return Outcome(plan, "", found, 0, 0, 0, 10.0, Coverage())


def people(plan: Plan) -> set[int]:
    return {one.number for one in plan.people}


PLAN = make(3, "rough")
TROUBLE = PLAN.troubles[len(PLAN.troubles) // 2]


def test_what_is_not_needed_is_left_out():
    played = Played(lambda plan: {3, 20} <= people(plan) and TROUBLE in plan.troubles)
    smallest, outcome = shrink(PLAN, "a rule", played, Limits(1e9, 500))
    assert people(smallest) == {3, 20}
    assert smallest.troubles == (TROUBLE,)
    assert smallest.steps == ()
    assert (smallest.workers, smallest.webs, smallest.start) == (1, 1, 0.0)
    assert smallest.length < PLAN.length
    assert outcome.plan == smallest


def test_whom_the_finding_tells_of_is_tried_first():
    person = PLAN.people[7]
    played = Played(lambda plan: person in plan.people, person.name)
    shrink(PLAN, "a rule", played, Limits(1e9, 3))
    assert played.failed[1].people == (person,)


@pytest.mark.parametrize("seconds", [0, 35, 200])
def test_it_ends_in_time_with_the_smallest_that_was_found(seconds):
    played = Played(lambda plan: {3, 20} <= people(plan) and TROUBLE in plan.troubles)
    told = []
    limits = Limits(seconds, 10_000, told.append, lambda: played.seconds)
    smallest, _ = shrink(PLAN, "a rule", played, limits)
    # The first is the plan itself, and the last may have begun a moment before the end.
    assert played.seconds <= 10 + seconds + 10
    assert smallest.size == min(plan.size for plan in played.failed)
    assert len(told) == len(played.failed) - 1


def test_a_plan_that_breaks_nothing_is_refused():
    with pytest.raises(ValueError, match="does not break the rule"):
        shrink(PLAN, "a rule", Played(lambda plan: False))


def test_a_finding_is_about_the_person_it_names():
    first, tenth = PLAN.people[1], PLAN.people[10]
    assert concerns(Finding("a rule", f"{first.name}'s note leads nowhere"), first)
    assert not concerns(Finding("a rule", f"{tenth.name} is wrong"), first)
    assert concerns(Finding("a rule", "somebody", (tenth.email or "?",)), tenth) == bool(
        tenth.email
    )


def test_a_timeline_counts_what_is_repeated():
    lines = [Line(at, "database", "a commit fails", f"worker {at}") for at in range(3)]
    told = tell([Line(0, "act", "In3 is moved", "world"), *lines])
    assert told[0].endswith("  In3 is moved")
    assert re.search(r"  database: a commit fails \(3 times until .*:02\.000\)$", told[1])
    assert len(told) == 2


@pytest.mark.slow
def test_a_planted_mistake_shrinks_within_its_bound():
    mistake = next(one for one in mistakes() if "has a sentence that says why" in one.breaks)
    assert mistake.known
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copy_to(root)
        mistake.apply(root)
        command = [sys.executable, "-m", "simulation", "replay", str(mistake.known.seed)]
        command += ["--profile", mistake.profile, "--favour", ",".join(mistake.favour)]
        command += ["--shrink", "--seconds", "40"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=root, timeout=900, check=False
        )
    words = r"The smallest plan found: (\d+) (?:person|people), (\d+) steps?"
    found = re.search(words, done.stdout)
    assert found, done.stdout + done.stderr
    assert int(found[1]) == 1 and int(found[2]) <= 4
    assert mistake.known.rule in done.stdout
