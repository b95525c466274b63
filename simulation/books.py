"""What the world itself knows of each person and customer, written down when it happens."""

from collections import defaultdict
from dataclasses import dataclass, field

from simulation.plan import Person


@dataclass
class PersonBook:
    """One person. Times are elapsed seconds; ``addresses``: (since when, address).

    ``others``: further profiles with this person's address, by id, and the first name on each.
    Per job's title: ``started``, ``answered`` (a part, and it was stored) and ``finished``;
    ``agreed``: to using an earlier result. ``turned_away``: (when, title, when the mail came, what
    was said).
    """

    person: Person
    candidate_id: str = ""
    merged_from: str = ""
    addresses: list[tuple[float, str | None]] = field(default_factory=list)
    deleted_at: float | None = None
    erased_at: float | None = None
    cancelled_at: float | None = None
    merged_at: float | None = None
    by_hand: list[float] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    anyway: list[float] = field(default_factory=list)
    started: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    finished: dict[str, float] = field(default_factory=dict)
    agreed: dict[str, float] = field(default_factory=dict)
    turned_away: list[tuple[float, str, float, str]] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """First name in SmartRecruiters."""
        return self.person.name

    @property
    def ids(self) -> set[str]:
        """The ids of this person's own profiles, also of those that were merged or are a second."""
        own = {one for one, name in self.others.items() if name == self.name}
        return {self.candidate_id, self.merged_from, *own} - {""}

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
    of disconnecting and connecting again. ``stopped``: per job, when it was "filled" in
    SmartRecruiters or "closed" here, and "open" again.
    """

    people: dict[int, PersonBook]
    faulty: dict[int, float] = field(default_factory=dict)
    unsettled: dict[int, float] = field(default_factory=dict)
    cut_off: dict[int, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    stopped: dict[tuple[int, int], list[tuple[float, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    pages: list[str] = field(default_factory=list)

    def at_fault(self, customer: int, at: float) -> None:
        """A customer broke its own connection."""
        self.faulty.setdefault(customer, at)

    def takes_nobody(self, customer: int, job: int) -> list[tuple[float, float]]:
        """(from, to) of each time in which the job took nobody."""
        marks = [*self.stopped[customer, job], (1e12, "open")]
        found, since = [], None
        for at, what in marks:
            if what == "open" and since is not None:
                found.append((since, at))
                since = None
            elif what != "open" and since is None:
                since = at
        return found

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
