"""Plays seed after seed in several processes, and steers towards what was seen least."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from simulation.coverage import Coverage
from simulation.hazards import CUSTOMER_ACTS, TROUBLES
from simulation.plan import Plan
from simulation.planning import make
from simulation.play import Outcome

# Every third seed favours what was seen least; the others stay as they are.
STEERED = 3


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
) -> Iterator[tuple[Outcome, Tally]]:
    """Play ``seeds`` seeds from ``first`` on, or as many as fit into ``minutes`` (0: no limit).

    ``favour``: what each plan chooses more often; without it, some seeds are steered towards what
    was seen least. Yields each outcome and the tally so far.
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
                connection.send(_task(first + given, profile, tally, favour))
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
                    ready.send(_task(first + given, profile, tally, favour))
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


def _task(seed: int, profile: str, tally: Tally, favour: tuple[str, ...]) -> Plan:
    if not favour and seed % STEERED == 2 and tally.seeds:
        known = [*TROUBLES, *CUSTOMER_ACTS]
        chance = random.Random(seed)
        rare = sorted(set(known), key=lambda one: (tally.coverage.faults[one], chance.random()))
        favour = tuple(rare[:4])
    return make(seed, profile, favour)


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
