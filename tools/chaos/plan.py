"""Decides who applies and who moves where; only the seed matters."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

Stage = tuple[str, str | None]

NEW: Stage = ("NEW", None)
SCREEN: Stage = ("IN_REVIEW", "Phone screen")
WANTED: Stage = ("IN_REVIEW", "Assessment")
INTERVIEW: Stage = ("INTERVIEW", None)
REJECTED: Stage = ("REJECTED", None)
OTHERS = (NEW, SCREEN, INTERVIEW, REJECTED)

# Each customer's SmartRecruiters jobs; the last one is not connected.
CONNECTED, UNCONNECTED = (0, 1), 2

BAD_ADDRESSES = ("nobody", "two@@signs.example", "blank in@the.example", "no-domain@")


@dataclass(frozen=True)
class Step:
    """One action of a recruiter; ``at`` is a fraction of the storm."""

    at: float
    action: str  # apply, move, delete, email, transfer, merge
    job: int = 0
    stage: Stage = NEW
    email: str = ""


@dataclass
class Person:
    """One candidate; ``candidate_id`` is the sandbox's, known once the candidate exists."""

    customer: int
    number: int
    kind: str
    email: str | None
    before: Stage | None = None
    steps: list[Step] = field(default_factory=list)
    candidate_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind.title().replace('_', '')} {self.customer}.{self.number}"


@dataclass(frozen=True)
class Size:
    """Size of a campaign: people, customers, seconds of storm, and how often each fault occurs."""

    customers: int
    moves: int
    seconds: float
    rounds: int


# Both databases together take less than ten minutes on two cores.
FULL = Size(customers=5, moves=1800, seconds=110.0, rounds=3)
SHORT = Size(customers=4, moves=100, seconds=12.0, rounds=1)


def people(size: Size, seed: int) -> list[Person]:
    """Return all people with at least ``size.moves`` moves in total, spread over the customers."""
    rng = random.Random(f"people {seed}")
    kinds, weights = zip(*((kind, weight) for kind, (weight, _) in KINDS.items()), strict=True)
    found: list[Person] = []
    # Each kind occurs once, so that a short campaign includes them all.
    deck = list(kinds)
    rng.shuffle(deck)
    moves = 0
    while moves < size.moves or deck:
        kind = deck.pop() if deck else rng.choices(kinds, weights)[0]
        number = len(found) + 1
        email = f"{kind.replace('_', '-')}.{number}@people.example"
        person = Person(number % size.customers, number, kind, email)
        KINDS[kind][1](person, rng)
        moves += sum(step.action in ("move", "transfer") for step in person.steps)
        found.append(person)
    return found


def _moved(person: Person, at: float, *stages: Stage, job: int = 0, gap: float = 0.0) -> None:
    """Add moves that are ``gap`` apart; 0 means all at the same moment."""
    for number, stage in enumerate(stages):
        person.steps.append(Step(min(at + number * gap, 0.99), "move", job, stage))


def _applied(person: Person, rng: random.Random, job: int = 0) -> float:
    at = rng.uniform(0.0, 0.5)
    person.steps.append(Step(at, "apply", job))
    return rng.uniform(at + 0.02, 0.9)


def _in(person: Person, rng: random.Random) -> None:
    stages = [WANTED] if rng.random() < 0.6 else [SCREEN, WANTED]
    _moved(person, _applied(person, rng, rng.choice(CONNECTED)), *stages, job=_job(person))


def _straight_in(person: Person, rng: random.Random) -> None:
    person.steps.append(Step(rng.uniform(0, 0.9), "apply", rng.choice(CONNECTED), WANTED))


def _in_out(person: Person, rng: random.Random) -> None:
    gap = rng.choice((0.0, 0.0, 0.01, 0.1))
    _moved(person, _applied(person, rng), WANTED, rng.choice(OTHERS[1:]), gap=gap)


def _in_out_in(person: Person, rng: random.Random) -> None:
    gap = rng.choice((0.0, 0.0, 0.01, 0.1))
    _moved(person, _applied(person, rng), WANTED, INTERVIEW, WANTED, gap=gap)


def _flapping(person: Person, rng: random.Random) -> None:
    stages = [WANTED if n % 2 else rng.choice(OTHERS) for n in range(rng.randint(4, 8))]
    _moved(person, _applied(person, rng), *stages, gap=rng.choice((0.0, 0.005, 0.03)))


def _never(person: Person, rng: random.Random) -> None:
    _moved(person, _applied(person, rng), SCREEN, INTERVIEW, gap=0.01)


def _two_jobs(person: Person, rng: random.Random) -> None:
    at = _applied(person, rng)
    person.steps.append(Step(at, "apply", 1))
    _moved(person, at, WANTED, job=0)
    _moved(person, min(at + rng.choice((0.0, 0.05)), 0.99), WANTED, job=1)


def _no_email(person: Person, rng: random.Random) -> None:
    person.email = None
    _in(person, rng)


def _bad_email(person: Person, rng: random.Random) -> None:
    person.email = rng.choice(BAD_ADDRESSES)
    _in(person, rng)


def _corrected(person: Person, rng: random.Random) -> None:
    right = person.email
    person.email = rng.choice((None, *BAD_ADDRESSES))
    _in(person, rng)
    at = person.steps[-1].at
    person.steps.append(Step(rng.uniform(at, 0.99), "email", email=right))


def _deleted(person: Person, rng: random.Random) -> None:
    _in(person, rng)
    gap = rng.choice((0.0, 0.005, 0.05))
    person.steps.append(Step(min(person.steps[-1].at + gap, 0.99), "delete"))


def _unconnected(person: Person, rng: random.Random) -> None:
    _moved(person, _applied(person, rng, UNCONNECTED), WANTED, job=UNCONNECTED)


def _before(person: Person, rng: random.Random) -> None:
    """In the stage before the job was connected; some return later, which counts as entering."""
    person.before = WANTED
    if rng.random() < 0.4:
        _moved(person, rng.uniform(0.1, 0.9), INTERVIEW, WANTED, gap=rng.choice((0.0, 0.02)))


def _transferred(person: Person, rng: random.Random) -> None:
    at = _applied(person, rng, 0)
    person.steps.append(Step(at, "transfer", 1))
    _moved(person, at, WANTED, job=1)


def _refused(person: Person, rng: random.Random) -> None:
    """Their mailbox does not exist, so the mail server refuses the mail (see trouble.REFUSED)."""
    person.email = person.email.replace("@people", "@nowhere")
    _in(person, rng)


def _merged(person: Person, rng: random.Random) -> None:
    """In the stage with two profiles: theirs is merged into a new one at about the same time."""
    _in(person, rng)
    gap = rng.choice((0.0, 0.01, 0.1))
    person.steps.append(Step(min(person.steps[-1].at + gap, 0.99), "merge"))


def _job(person: Person) -> int:
    return person.steps[-1].job


KINDS: dict[str, tuple[int, Callable[[Person, random.Random], None]]] = {
    "in": (30, _in),
    "straight_in": (6, _straight_in),
    "in_out": (8, _in_out),
    "in_out_in": (12, _in_out_in),
    "flapping": (8, _flapping),
    "never": (10, _never),
    "two_jobs": (6, _two_jobs),
    "no_email": (3, _no_email),
    "bad_email": (3, _bad_email),
    "corrected": (4, _corrected),
    "deleted": (4, _deleted),
    "unconnected": (4, _unconnected),
    "before": (3, _before),
    "transferred": (2, _transferred),
    "refused": (2, _refused),
    "merged": (2, _merged),
}
