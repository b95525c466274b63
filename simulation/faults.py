"""Faults of the network: which of them strikes a call. The plan says when each is there."""

import random
from collections import Counter
from dataclasses import dataclass

# Of calls to SmartRecruiters.
CALL_KINDS = (
    "refuse",
    "hang",
    "lost",
    "cut",
    "slow",
    "500",
    "502",
    "503",
    "429",
    "401",
    "403",
    "denied",
    "422",
    "garbage",
    "behind",
)
# Of requests to the product.
VISIT_KINDS = ("refuse", "slow", "cut")
# Of webhook deliveries.
DELIVERY_KINDS = ("drop", "duplicate", "reorder", "wrong_signature")


@dataclass
class Fault:
    """A fault that is there for a while.

    ``place``: ``call``, ``visit`` or ``delivery``. ``company``: strikes only this one's calls; ''
    means everybody's. ``share``: of the calls that it strikes. ``reads``: strikes reading only
    (True), writing only (False) or both (None).
    """

    place: str
    kind: str
    company: str = ""
    share: float = 1.0
    seconds: float = 1.0
    reads: bool | None = None


class Weather:
    """The faults that are there now; ``struck`` counts how often each kind struck."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.faults: list[Fault] = []
        self.struck: Counter[str] = Counter()
        self.struck_companies: set[str] = set()
        # Deliveries with a wrong signature that the product took.
        self.forged: list[str] = []

    def of_call(self, company: str, method: str, path: str) -> Fault | None:
        """The fault of a call to SmartRecruiters, or None."""
        for fault in self.faults:
            if fault.place != "call" or (fault.company and fault.company != company):
                continue
            reads = method == "GET"
            if fault.reads is not None and fault.reads is not reads:
                continue
            if self._strikes(fault):
                self.struck_companies.add(company)
                return fault
        return None

    def of_visit(self, by: str) -> Fault | None:
        """The fault of a request to the product, or None."""
        found = (f for f in self.faults if f.place == "visit" and self._strikes(f))
        return next(found, None)

    def of_delivery(self, company: str, kinds: tuple[str, ...]) -> Fault | None:
        """The fault of these kinds that strikes a webhook delivery, or None."""
        for fault in self.faults:
            if fault.place != "delivery" or fault.kind not in kinds:
                continue
            if fault.company and fault.company != company:
                continue
            if self._strikes(fault):
                return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if fault.share < 1.0 and self._chance.random() >= fault.share:
            return False
        self.struck[f"{fault.place} {fault.kind}"] += 1
        return True
