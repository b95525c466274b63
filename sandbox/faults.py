"""Faults that the control API switches on: for API answers, for deliveries and for SMTP."""

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
)
DELIVERY_KINDS = ("drop", "duplicate", "reorder", "never_sign", "wrong_signature")
SMTP_KINDS = (
    "smtp_refuse",
    "smtp_4xx",
    "smtp_5xx",
    "smtp_hang",
    "smtp_drop_before_250",
    "smtp_drop_after_250",
    "smtp_lose",
)
KINDS = API_KINDS + DELIVERY_KINDS + SMTP_KINDS
# A cut answer hurts most when the write has happened, so that is its default.
_AFTER_BY_DEFAULT = ("cut", "reset")


@dataclass
class Fault:
    """One switch: what it matches, what it does, how often, and how often it already did."""

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
    """The list of switches, with its own seeded random numbers so that a campaign repeats."""

    def __init__(self, random_seed: int = 0) -> None:
        self._lock = threading.Condition()
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._random = random.Random(random_seed)

    def reset(self, random_seed: int = 0) -> None:
        """Switch everything off and seed the random numbers anew."""
        with self._lock:
            self._faults.clear()
            self._random.seed(random_seed)
            self._lock.notify_all()

    def add(self, wish: dict[str, Any]) -> Fault:
        """Switch a fault on from its JSON form; raise ValueError for one that makes no sense."""
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
        """Switch one fault off; say whether it was there."""
        with self._lock:
            self._lock.notify_all()
            return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._faults.clear()
            self._lock.notify_all()

    def list(self) -> list[dict[str, Any]]:
        """Return every switch as JSON-ready dictionaries."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def pick(self, kinds: tuple[str, ...], **facts: str) -> Fault | None:
        """Return the first switched-on fault of ``kinds`` that matches and strikes, if any."""
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
        """Wait as long as a slow answer takes, or until it is switched off."""
        with self._lock:
            seconds = min(fault.delay_seconds, longest)
            self._lock.wait_for(lambda: fault.id not in self._faults, seconds)

    def delay(self, upper: float) -> float:
        """Return a random delay between 0 and ``upper`` seconds."""
        with self._lock:
            return self._random.uniform(0, upper)
