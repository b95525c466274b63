"""Plays seed after seed in several processes, and steers towards what was seen least."""

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from simulation.coverage import Coverage, planned
from simulation.plan import Plan
from simulation.planning import make
from simulation.play import Outcome
from simulation.profiles import PROFILES

# Every third seed is steered: of so many unplayed seeds, in every profile, the one is chosen whose
# plan holds most of what was seen least. A seed means the same whoever chooses it.
STEERED, LOOKED_AT = 3, 4
# The numbers of these seeds, far from those that are played in turn.
STEERED_FROM = 1_000_000
# A simulated day costs about as much as this many people, steps or faults.
COST_OF_A_DAY = 40


@dataclass
class Tally:
    """What a hunt has done so far."""

    seeds: int = 0
    moves: int = 0
    steps: int = 0
    mails: int = 0
    seconds: float = 0.0
    coverage: Coverage = field(default_factory=Coverage)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one run."""
        self.seeds += 1
        self.moves += outcome.moves
        self.steps += outcome.steps
        self.mails += outcome.mails
        self.coverage.add(outcome.coverage)
        if outcome.failed:
            self.failed.append(outcome)


def hunt(
    first: int,
    seeds: int,
    minutes: float,
    profile: str,
    processes: int,
    favour: tuple[str, ...] = (),
    steered: bool = True,
) -> Iterator[tuple[Outcome, Tally]]:
    """Play ``seeds`` seeds from ``first`` on, or as many as fit into ``minutes`` (0: no limit).

    ``favour``: what each plan chooses more often; without it and if ``steered``, every third seed
    is chosen by what was seen least. Yields each outcome and the tally so far.
    """
    began, tally = time.monotonic(), Tally()
    context = multiprocessing.get_context("spawn")
    workers = [_start(context) for _ in range(processes)]
    connections = [connection for connection, _ in workers]
    given = 0

    def over() -> bool:
        late = minutes and time.monotonic() - began > minutes * 60
        return bool(late or (seeds and given >= seeds))

    try:
        busy = set()
        for connection in connections:
            if not over():
                connection.send(plan_for(first + given, profile, tally, favour, steered))
                given += 1
                busy.add(connection)
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)  # noqa: S101
                outcome = ready.recv()
                if isinstance(outcome, str):
                    raise RuntimeError(outcome)
                tally.add(outcome)
                tally.seconds = time.monotonic() - began
                if over():
                    busy.discard(ready)
                else:
                    ready.send(plan_for(first + given, profile, tally, favour, steered))
                    given += 1
                yield outcome, tally
    finally:
        for connection, process in workers:
            connection.close()
            process.join(5)
            if process.is_alive():
                process.terminate()


def _start(context: Any) -> tuple[Connection, Any]:
    ours, theirs = context.Pipe()
    process = context.Process(target=_play_forever, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def plan_for(
    seed: int, profile: str, tally: Tally, favour: tuple[str, ...] = (), steered: bool = True
) -> Plan:
    """What is played for the next seed: its plan, or that of a seed that promises something new."""
    plan = make(seed, profile, favour)
    if favour or not steered or seed % STEERED != 2 or not tally.seeds:
        return plan
    profiles = (profile,) if profile else tuple(PROFILES)
    numbers = range(STEERED_FROM + seed * LOOKED_AT, STEERED_FROM + (seed + 1) * LOOKED_AT)
    candidates = [make(number, one) for number in numbers for one in profiles]
    return max(candidates, key=lambda one: _newness(one, tally.coverage))


def _newness(plan: Plan, coverage: Coverage) -> float:
    """How much there is in a plan that was seen little, for what it costs to play it."""
    new = sum(1 / (1 + coverage.planned[name]) for name in planned(plan))
    return new / (plan.size + COST_OF_A_DAY * plan.days)


def _play_forever(connection: Connection) -> None:
    """The body of a child: plays each plan it is sent."""
    import traceback

    from simulation.play import play
    from simulation.world import Installation

    installation = Installation()
    try:
        while True:
            plan = connection.recv()
            try:
                outcome = play(installation, plan)
            except Exception:
                connection.send(f"seed {plan.seed} ({plan.profile}): {traceback.format_exc()}")
                return
            connection.send(outcome if outcome.failed else replace(outcome, lines=[]))
    except (EOFError, OSError):
        pass
    finally:
        installation.close()
