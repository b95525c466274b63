"""What the world itself knows of each person and customer, written down when it happens."""

from collections import defaultdict
from dataclasses import dataclass, field

from simulation.plan import Person


@dataclass
class PersonBook:
    """One person. Times are elapsed seconds; ``addresses``: (since when, address)."""

    person: Person
    candidate_id: str = ""
    merged_from: str = ""
    addresses: list[tuple[float, str | None]] = field(default_factory=list)
    deleted_at: float | None = None
    erased_at: float | None = None
    cancelled_at: float | None = None
    merged_at: float | None = None
    by_hand: list[float] = field(default_factory=list)
    finished: dict[str, float] = field(default_factory=dict)
    opened: list[float] = field(default_factory=list)
    gave_part: bool = False

    @property
    def name(self) -> str:
        """First name in SmartRecruiters."""
        return self.person.name

    @property
    def address(self) -> str | None:
        """The present address."""
        return self.addresses[-1][1] if self.addresses else self.person.email

    def new_address(self, at: float, address: str) -> None:
        """Write down a changed address."""
        self.addresses.append((at, address))

    def ever(self) -> set[str]:
        """All addresses that the person ever had."""
        return {address.lower() for _, address in self.addresses if address}


@dataclass
class Books:
    """All people, and per customer since when something was wrong through its own doing.

    ``faulty``: its credential or scopes. ``unsettled``: its stages or jobs. ``cut_off``: the times
    of disconnecting and connecting again.
    """

    people: dict[int, PersonBook]
    faulty: dict[int, float] = field(default_factory=dict)
    unsettled: dict[int, float] = field(default_factory=dict)
    cut_off: dict[int, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    closed: dict[tuple[int, int], float] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def at_fault(self, customer: int, at: float) -> None:
        """A customer broke its own connection."""
        self.faulty.setdefault(customer, at)

    def extended(self, address: str) -> bool:
        """Whether a person has given more time to whoever has this address."""
        return any(
            book.person.kind in ("cancelled", "interrupted") and address.lower() in book.ever()
            for book in self.people.values()
        )

    def disturbed(self, customer: int, at: float) -> None:
        """A customer changed its stages or jobs."""
        self.unsettled.setdefault(customer, at)


def open_books(people: tuple[Person, ...], at: float) -> Books:
    """Books in which nothing has happened yet."""
    return Books({one.number: PersonBook(one, addresses=[(at, one.email)]) for one in people})
