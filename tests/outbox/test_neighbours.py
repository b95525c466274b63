"""One customer never waits for another, whatever SmartRecruiters does to the other."""

import signal

import pytest

from eqsr.outbox import breakers, lanes
from eqsr.outbox.models import WorkState
from tests.conftest import environment
from tests.outbox.crew import Crew, crew
from tests.services.processes import eventually
from tests.story import connect

pytestmark = pytest.mark.slow


@pytest.fixture
def neighbours(world, box, site, work, settings, tmp_path):
    northwind = connect(world, box, site, work)
    acme = connect(world, box, site, work, name="Acme")
    facts = environment(
        settings.data_dir.parent, settings.database_url, settings.redis_url, box, settings.port
    )
    with crew(northwind, acme, facts, tmp_path) as found:
        yield found
        found.mends()


def all_mailed_once(neighbours: Crew, addresses: list[str], seconds: float = 90) -> None:
    story = neighbours.northwind

    def mailed() -> bool:
        return all(story.mails(address) for address in addresses)

    assert eventually(mailed, seconds), neighbours.outputs()
    assert [len(story.mails(address)) for address in addresses] == [1] * len(addresses)


@pytest.mark.parametrize(("workers", "seconds"), [(2, 2.0), (1, 5.0)])
def test_a_hanging_smartrecruiters_of_one_holds_up_nobody_else(neighbours, workers, seconds):
    neighbours.start_ready(workers)
    neighbours.breaks("slow", delay_seconds=100)
    theirs = [neighbours.moves(neighbours.northwind, f"person{n}") for n in range(8)]
    assert eventually(lambda: neighbours.running(neighbours.northwind))
    well = neighbours.moves(neighbours.acme, "ada")
    neighbours.mailed_within(neighbours.acme, well, seconds)
    held = workers * (lanes.cap(12) + 2 * lanes.SIDE_CAP)
    assert len(neighbours.running(neighbours.northwind)) <= held
    assert eventually(
        lambda: "northwind: its SmartRecruiters hangs since" in neighbours.doctor(), 45
    )
    assert "connection of acme: works" in neighbours.doctor()
    neighbours.mends()
    all_mailed_once(neighbours, theirs)
    assert eventually(lambda: "connection of northwind: works" in neighbours.doctor(), 30)


def test_a_failing_smartrecruiters_of_one_is_parked_and_uses_up_nothing(neighbours):
    neighbours.start_ready(1)
    neighbours.breaks("503")
    theirs = [neighbours.moves(neighbours.northwind, f"person{n}") for n in range(8)]
    named = "northwind: its SmartRecruiters fails (503) since"
    assert eventually(lambda: named in neighbours.doctor()), neighbours.doctor()
    well = neighbours.moves(neighbours.acme, "ada")
    neighbours.mailed_within(neighbours.acme, well, 5)
    waiting = neighbours.northwind.work.rows("webhook_event")
    assert {row.state for row in waiting if row.failures} <= {
        WorkState.DUE,
        WorkState.RUNNING,
        WorkState.DONE,
    }
    assert max(row.failures for row in waiting) < breakers.FAILURES_TO_OPEN
    neighbours.mends()
    all_mailed_once(neighbours, theirs)


def test_killed_and_stopped_with_busy_slots_nothing_is_lost_or_doubled(neighbours):
    neighbours.start_ready(1)
    neighbours.breaks("slow", delay_seconds=100)
    theirs = [neighbours.moves(neighbours.northwind, f"person{n}") for n in range(4)]
    assert eventually(lambda: len(neighbours.running(neighbours.northwind)) >= 2, 10)
    (first,) = neighbours.workers
    first.kill()
    neighbours.mends()
    neighbours.start_ready(1)
    # The killed one's leases have to lapse first.
    all_mailed_once(neighbours, theirs, 120)


def test_a_worker_that_is_told_to_stop_finishes_or_hands_back(neighbours):
    neighbours.start_ready(1)
    (first,) = neighbours.workers
    neighbours.breaks("slow", delay_seconds=100)
    theirs = [neighbours.moves(neighbours.northwind, f"person{n}") for n in range(8)]
    assert eventually(lambda: len(neighbours.running(neighbours.northwind)) >= 2, 10)
    first.signal(signal.SIGTERM)
    assert eventually(lambda: first.returncode is not None, 40) is True
    assert first.returncode == 0
    assert neighbours.running(neighbours.northwind) == []
    neighbours.mends()
    neighbours.start_ready(1)
    all_mailed_once(neighbours, theirs, 45)
