"""Who does what when, and what breaks: data that can be printed, made smaller and run again."""

from dataclasses import dataclass

from simulation.customers import NEW, Stage

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True)
class Step:
    """One act. ``at``: seconds after the beginning. ``person``: whose, or -1 for a customer's."""

    at: float
    act: str
    customer: int
    person: int = -1
    job: int = 0
    stage: Stage = NEW
    text: str = ""


@dataclass(frozen=True)
class Trouble:
    """A fault that is there from ``at`` on for ``lasts`` seconds. ``share``: see the kind."""

    at: float
    lasts: float
    what: str
    customer: int = -1
    share: float = 1.0
    number: int = 0


@dataclass(frozen=True)
class Person:
    """A candidate. ``temper``: what becomes of a link in a mail. ``mailbox``: what it answers."""

    number: int
    customer: int
    kind: str
    email: str | None
    temper: str = "never"
    mailbox: str = ""

    @property
    def name(self) -> str:
        """First name in SmartRecruiters."""
        return f"{self.kind.title().replace('_', '')}{self.number}"


@dataclass(frozen=True)
class Plan:
    """All of one run."""

    seed: int
    profile: str
    length: float
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    troubles: tuple[Trouble, ...]
    workers: int = 2
    webs: int = 1
    skews: tuple[float, ...] = (0.0, 0.0, 0.0)
    start: float = 0.0
    days: float = 0.0
    stretch: float = 4.0
    switching: float = 0.3
    favour: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How much there is in it."""
        return len(self.people) + len(self.steps) + len(self.troubles)
