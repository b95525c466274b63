"""Faults that the control API activates: in API answers, deliveries and SMTP."""

import fnmatch
import itertools
import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

API_KINDS = (
    "401",
    "403",
    "404",
    "409",
    "429",
    "500",
    "502",
    "503",
    "504",
    "slow",
    "cut",
    "reset",
    "garbage",
    "denied",
    "behind",
)
DELIVERY_KINDS = ("drop", "duplicate", "reorder", "never_sign", "wrong_signature")
SMTP_KINDS = (
    "smtp_refuse",
    "smtp_4xx",
    "smtp_5xx",
    "smtp_quota",
    "smtp_hang",
    "smtp_drop_before_250",
    "smtp_drop_after_250",
    "smtp_lose",
)
KINDS = API_KINDS + DELIVERY_KINDS + SMTP_KINDS
# The default is a cut after the write, the case that is hardest for a client.
_AFTER_BY_DEFAULT = ("cut", "reset")


@dataclass
class Fault:
    """One fault: what it matches, what it does, how often it may strike and how often it did."""

    id: int
    kind: str
    method: str = "*"
    path: str = "*"
    company: str = "*"
    event: str = "*"
    address: str = "*"
    probability: float = 1.0
    times: int | None = None
    delay_seconds: float = 1.0
    when: str = "before"
    hits: int = 0

    def matches(self, **facts: str) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        return all(
            fnmatch.fnmatchcase(value.lower(), getattr(self, name).lower())
            for name, value in facts.items()
        )


class Faults:
    """The active faults, with a seeded random generator so that a campaign can be repeated."""

    def __init__(self, random_seed: int = 0) -> None:
        self._lock = threading.Condition()
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._random = random.Random(random_seed)

    def reset(self, random_seed: int = 0) -> None:
        """Remove all faults and seed the random generator again."""
        with self._lock:
            self._faults.clear()
            self._random.seed(random_seed)
            self._lock.notify_all()

    def add(self, wish: dict[str, Any]) -> Fault:
        """Activate a fault from its JSON form; raise ValueError if it is invalid."""
        kind = str(wish.get("kind", ""))
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        match = wish.get("match") or {}
        unknown = set(match) - {"method", "path", "company", "event", "address"}
        if unknown:
            raise ValueError(f"cannot match on {', '.join(sorted(unknown))}")
        when = wish.get("when") or ("after" if kind in _AFTER_BY_DEFAULT else "before")
        if when not in ("before", "after"):
            raise ValueError("when must be before or after")
        times = wish.get("times")
        fault = Fault(
            id=next(self._ids),
            kind=kind,
            probability=float(wish.get("probability", 1.0)),
            times=None if times is None else int(times),
            delay_seconds=float(wish.get("delay_seconds", 1.0)),
            when=when,
            **{name: str(value) for name, value in match.items() if value},
        )
        with self._lock:
            self._faults[fault.id] = fault
        return fault

    def delete(self, fault_id: int) -> bool:
        """Remove one fault; return whether it existed."""
        with self._lock:
            self._lock.notify_all()
            return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()
            self._lock.notify_all()

    def list(self) -> list[dict[str, Any]]:
        """Return every fault as a JSON-ready dictionary."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def pick(self, kinds: tuple[str, ...], **facts: str) -> Fault | None:
        """Return the first fault of ``kinds`` that matches and strikes, or None."""
        with self._lock:
            for fault in self._faults.values():
                if fault.kind not in kinds or not fault.matches(**facts):
                    continue
                if fault.probability < 1.0 and self._random.random() >= fault.probability:
                    continue
                fault.hits += 1
                return fault
        return None

    def wait_out(self, fault: Fault, longest: float) -> None:
        """Wait for the duration of a slow answer, or until the fault is removed."""
        with self._lock:
            seconds = min(fault.delay_seconds, longest)
            self._lock.wait_for(lambda: fault.id not in self._faults, seconds)

    def delay(self, upper: float) -> float:
        """Return a random delay between 0 and ``upper`` seconds."""
        with self._lock:
            return self._random.uniform(0, upper)
