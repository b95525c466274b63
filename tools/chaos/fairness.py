"""Measures single moves of some customers during another customer's burst under SmartRecruiters'
limits.

``python -m tools.chaos.fairness`` prints the result; the benchmark and a test call ``measure``.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.services.sandbox import Sandbox
from tools.chaos.customers import Customer, connect_customers
from tools.chaos.databases import KINDS
from tools.chaos.installation import installed
from tools.chaos.plan import WANTED

PER_SECOND = 10
POLL = 0.05


@dataclass(frozen=True)
class Fairness:
    """Result of the measurement.

    ``seconds``: time from the burst to its last mail. ``singles``: seconds until the mail of
    each single move. ``passed``: mails of the burst sent during each single move, which does not
    depend on the machine's speed. ``calls``: highest number of calls for the burst at any
    endpoint. ``refused``: calls answered 429.
    """

    moves: int
    seconds: float
    singles: tuple[float, ...]
    passed: tuple[int, ...]
    calls: int
    refused: int

    @property
    def ratio(self) -> float:
        """Time relative to the minimum under the limit: one call per move at each endpoint."""
        return self.seconds / (self.moves / PER_SECOND)


def measure(database: str, moves: int, *, workers: int = 2, every: float = 3.0) -> Fairness:
    """Move one customer's burst, and every ``every`` seconds one candidate of another customer."""
    with (
        tempfile.TemporaryDirectory(prefix="eqsr-fairness-") as folder,
        installed(Path(folder), database, workers) as here,
    ):
        crowd, other = connect_customers(here, 2, [])
        many = _enter(here.box, crowd, "crowd", moves)
        few = _enter(here.box, other, "single", moves // PER_SECOND)
        here.box.post("settings", {"limits": True})
        mails = Mails(here.box)
        began = time.monotonic()
        _move(here.box, crowd, many)
        singles, passed = [], []
        while mails.number("crowd") < moves // 2:
            one = few[len(singles)]
            moved, before = time.monotonic(), mails.number("crowd")
            _move(here.box, other, [one])
            mails.wait(lambda one=one: f"single-{few.index(one) + 1}@" in mails.text, 30)
            singles.append(time.monotonic() - moved)
            passed.append(mails.number("crowd") - before)
            time.sleep(max(0.0, every - singles[-1]))
        mails.wait(lambda: mails.number("crowd") >= moves, 3 * moves / PER_SECOND + 20)
        seconds = time.monotonic() - began
        counted = [one for one in here.box.get("limits") if one["company"] == crowd.company]
    return Fairness(
        moves,
        seconds,
        tuple(singles),
        tuple(passed),
        calls=max(one["requests"] for one in counted),
        refused=sum(one["refused"] for one in counted),
    )


class Mails:
    """Reads the mail sink in small portions so that reading costs little."""

    def __init__(self, box: Sandbox) -> None:
        self._box, self._last = box, 0
        self.text = ""

    def number(self, prefix: str) -> int:
        self._read()
        return self.text.count(f"{prefix}-")

    def wait(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait until the condition holds. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.text.count('@')} mails after {seconds:.0f} s")
            time.sleep(POLL)
            self._read()

    def _read(self) -> None:
        for mail in self._box.get("mails", since=str(self._last), brief="1"):
            self._last = mail["id"]
            self.text += f"{mail['to'][0]}\n"


def _enter(box: Sandbox, customer: Customer, prefix: str, count: int) -> list[str]:
    wish = {"count": max(1, count), "jobId": customer.ats_jobs[0], "email_prefix": prefix}
    made = box.post(f"companies/{customer.company}/candidates/bulk", wish | {"quiet": True})
    return [one["id"] for one in made]


def _move(box: Sandbox, customer: Customer, candidate_ids: list[str]) -> None:
    status, sub_status = WANTED
    where = {"jobId": customer.ats_jobs[0], "status": status, "subStatus": sub_status}
    moves = [{"candidateId": candidate_id} | where for candidate_id in candidate_ids]
    box.post(f"companies/{customer.company}/moves", {"moves": moves})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.chaos.fairness")
    parser.add_argument("--moves", type=int, default=150)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    options = parser.parse_args()
    found = measure(options.database, options.moves)
    print(
        f"{options.database}: {found.moves} moves invited in {found.seconds:.1f} s, "
        f"{found.ratio:.2f} × the limit's own time; {len(found.singles)} single moves meanwhile, "
        f"the slowest in {max(found.singles):.2f} s while {max(found.passed)} others were mailed; "
        f"at most {found.calls} calls to an endpoint, {found.refused} refused (429)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
