"""Tasks, locks, kills and time of the simulation itself."""

import random

import pytest

from simulation.clock import Clock
from simulation.locks import Lock
from simulation.scheduler import Scheduler
from simulation.tasks import Process


@pytest.fixture
def scheduler():
    clock = Clock()
    yield Scheduler(clock, random.Random(1), switching=1.0)
    clock.remove()


def test_time_moves_only_by_waiting(scheduler):
    seen = []

    def wait() -> None:
        scheduler.sleep(10)
        seen.append(scheduler.clock.elapsed)

    scheduler.spawn("waits", wait)
    scheduler.run(100)
    assert seen == [10]
    assert scheduler.clock.elapsed == 100


def test_a_lock_lets_one_task_in_at_a_time(scheduler):
    lock, inside, most = Lock(lambda: scheduler), [], []

    def enter() -> None:
        with lock:
            inside.append(1)
            most.append(len(inside))
            scheduler.sleep(1)
            inside.pop()

    for number in range(5):
        scheduler.spawn(f"enters {number}", enter)
    scheduler.run(100)
    assert most == [1] * 5


def test_a_killed_process_does_nothing_more(scheduler):
    process, seen = Process("worker"), []

    def work() -> None:
        for step in range(5):
            scheduler.seam()
            seen.append(step)

    process.fuse = 2
    task = scheduler.spawn("works", work, process)
    scheduler.run(1)
    assert seen == [0, 1]
    assert process.dead and task.ended


def test_a_stalled_process_goes_on_later(scheduler):
    process, seen = Process("worker"), []
    process.stalled_until = 60.0
    scheduler.spawn("works", lambda: seen.append(scheduler.clock.elapsed), process)
    scheduler.run(100)
    assert seen == [60.0]


def test_the_order_is_the_seeds(scheduler):
    def order(seed: int) -> list[int]:
        seen: list[int] = []
        own = Scheduler(scheduler.clock, random.Random(seed))
        for number in range(8):
            own.spawn(str(number), lambda number=number: seen.append(number))
        own.run(scheduler.clock.elapsed + 1)
        return seen

    assert order(1) == order(1)
    assert order(1) != order(2)
