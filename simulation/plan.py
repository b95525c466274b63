"""Who does what when, and what breaks: made from the seed before anything runs.

A plan is data, so that it can be printed, made smaller and run again.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from simulation.customers import (
    DECOY,
    HIRED,
    INTERVIEW,
    NEW,
    NUMBER,
    OTHERS,
    REJECTED,
    SCREEN,
    WANTED,
    Stage,
)

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


@dataclass
class Profile:
    """How large and how rough a run is."""

    moves: int
    troubles: tuple[int, int]
    length: tuple[float, float]
    days: float = 0.0
    acts: int = 4
    weights: dict[str, float] = field(default_factory=dict)


PROFILES = {
    "mixed": Profile(moves=420, troubles=(4, 12), length=(30 * MINUTE, 90 * MINUTE)),
    "calm": Profile(moves=420, troubles=(0, 0), length=(30 * MINUTE, 60 * MINUTE)),
    "rough": Profile(moves=160, troubles=(12, 30), length=(20 * MINUTE, 60 * MINUTE), acts=8),
    "small": Profile(moves=30, troubles=(1, 4), length=(10 * MINUTE, 30 * MINUTE), acts=2),
    "days": Profile(moves=40, troubles=(2, 6), length=(20 * MINUTE, 60 * MINUTE), days=6.5, acts=4),
}
# Which profile a seed has, if none is asked for.
MIXTURE = ("mixed", "mixed", "mixed", "mixed", "rough", "rough", "small", "days", "calm", "mixed")

TEMPERS = ("never",) * 5 + ("scanner",) * 2 + ("finishes",) * 4 + ("stops",) + ("two devices",)
MAILBOXES = ("",) * 22 + ("gone", "greylists", "full", "later")

CALLS = ("refuse", "hang", "lost", "cut", "slow", "500", "502", "503", "429", "garbage", "401")
OF_ONE = ("403", "denied", "401", "hang", "503")
VISITS = ("visit refuse", "visit slow", "visit cut")
DELIVERIES = ("drop", "duplicate", "reorder", "wrong_signature")
MAILS = (
    "refuses us", "overloaded", "away", "hangs", "drops before 250", "drops after 250", "login",
)  # fmt: skip
DATABASES = ("away", "read-only", "commits fail", "commits lost", "locked")
BROKERS = ("wiped", "away", "full", "slow")
PROCESSES = ("kill worker", "kill web", "deploy", "old release", "clock jumps", "stall worker")
TROUBLES = (
    *(f"call {kind}" for kind in CALLS),
    *(f"one {kind}" for kind in OF_ONE),
    *VISITS,
    *(f"delivery {kind}" for kind in DELIVERIES),
    *(f"mail {kind}" for kind in MAILS),
    *(f"database {kind}" for kind in DATABASES),
    *(f"broker {kind}" for kind in BROKERS),
    *PROCESSES,
    "kill worker",
    "kill worker",
)

CUSTOMER_ACTS = (
    "bulk move", "rename stage", "close ats job", "take scopes", "expire tokens", "rotate",
    "suspend", "lose subscription", "close job", "disconnect", "bulk move", "rename job",
)  # fmt: skip


def make(seed: int, profile: str = "", favour: tuple[str, ...] = ()) -> Plan:
    """The plan of a seed. ``favour``: faults and acts to choose more often."""
    name = profile or MIXTURE[seed % len(MIXTURE)]
    chance = random.Random(f"plan {seed} {name} {favour}")
    wanted = PROFILES[name]
    length = chance.uniform(*wanted.length)
    weights = [chance.choice((1, 1, 3, 10)) for _ in range(NUMBER)]
    people, steps, moves = [], [], 0
    kinds = list(KINDS)
    shares = [share * (8 if kind in favour else 1) for kind, (share, _) in KINDS.items()]
    while moves < wanted.moves:
        number = len(people)
        kind = chance.choices(kinds, shares)[0]
        customer = chance.choices(range(NUMBER), weights)[0]
        person, acts = KINDS[kind][1](_Draft(chance, number, customer, kind, length))
        people.append(person)
        steps += acts
        moves += sum(act.act in ("apply", "move", "transfer") for act in acts)
    for _ in range(chance.randint(0, wanted.acts)):
        act = chance.choice([*CUSTOMER_ACTS, *[one for one in favour if one in CUSTOMER_ACTS] * 3])
        steps += _customer_act(chance, act, length, people)
    troubles = [_trouble(chance, length, favour) for _ in range(chance.randint(*wanted.troubles))]
    skews = tuple(chance.choice((0.0, 0.0, 0.0, 20.0, -20.0, 50.0)) for _ in range(3))
    return Plan(
        seed,
        name,
        length,
        tuple(people),
        tuple(sorted(steps, key=lambda step: (step.at, step.person))),
        tuple(sorted(troubles, key=lambda one: one.at)),
        workers=chance.choice((1, 2, 2, 3)),
        webs=chance.choice((1, 1, 2)),
        skews=skews,
        start=chance.uniform(0, 44) * HOUR if chance.random() < 0.3 else 0.0,
        days=wanted.days,
        stretch=chance.choice((4.0, 16.0, 40.0, 40.0)),
        switching=chance.choice((0.05, 0.2, 0.5)),
        favour=favour,
    )


# -- people


@dataclass
class _Draft:
    chance: random.Random
    number: int
    customer: int
    kind: str
    length: float

    def person(self, email: str | None = "", **facts: str) -> Person:
        """The person, with an address of their own unless given."""
        if email == "":
            email = f"{self.kind.replace('_', '-')}.{self.number}@people.example"
        facts.setdefault("temper", self.chance.choice(TEMPERS))
        facts.setdefault("mailbox", self.chance.choice(MAILBOXES))
        return Person(self.number, self.customer, self.kind, email, **facts)

    def step(self, at: float, act: str, job: int = 0, stage: Stage = NEW, text: str = "") -> Step:
        """An act about this person."""
        return Step(min(at, self.length), act, self.customer, self.number, job, stage, text)

    def moment(self, low: float = 0.0, high: float = 0.95) -> float:
        """A moment between two fractions of the run."""
        return self.chance.uniform(low, high) * self.length

    def gap(self) -> float:
        """Seconds between two acts, often none."""
        return self.chance.choice((0.0, 0.0, 1.0, 5.0, 40.0, 400.0))


Drafted = tuple[Person, list[Step]]


def _moves(
    draft: _Draft, at: float, *stages: Stage, job: int = 0, gap: float | None = None
) -> list[Step]:
    gap = draft.gap() if gap is None else gap
    return [draft.step(at + n * gap, "move", job, stage) for n, stage in enumerate(stages)]


def _in(draft: _Draft) -> Drafted:
    at, job = draft.moment(0, 0.5), draft.chance.choice((0, 0, 1))
    stages = [WANTED] if draft.chance.random() < 0.6 else [SCREEN, WANTED]
    later = draft.moment(0.5)
    return draft.person(), [
        draft.step(at, "apply", job),
        *_moves(draft, later, *stages, job=job),
    ]


def _straight_in(draft: _Draft) -> Drafted:
    return draft.person(), [draft.step(draft.moment(), "apply", 0, WANTED)]


def _in_out(draft: _Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 1))
    out = draft.chance.choice((SCREEN, INTERVIEW, REJECTED, HIRED))
    return draft.person(), [
        draft.step(at, "apply", job),
        *_moves(draft, draft.moment(0.4), WANTED, out, job=job),
    ]


def _in_out_in(draft: _Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 0, 1))
    return draft.person(), [
        draft.step(at, "apply", job),
        *_moves(draft, draft.moment(0.4, 0.8), WANTED, INTERVIEW, WANTED, job=job),
    ]


def _flapping(draft: _Draft) -> Drafted:
    at = draft.moment(0, 0.4)
    count = draft.chance.randint(4, 8)
    stages = [WANTED if n % 2 else draft.chance.choice(OTHERS) for n in range(count)]
    return draft.person(), [
        draft.step(at, "apply"),
        *_moves(draft, draft.moment(0.4, 0.7), *stages),
    ]


def _never(draft: _Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 1))
    return draft.person(), [
        draft.step(at, "apply", job),
        *_moves(draft, draft.moment(0.4), SCREEN, DECOY, REJECTED, job=job),
    ]


def _elsewhere(draft: _Draft) -> Drafted:
    """At a job that is not connected: nothing of it concerns us."""
    stages = [draft.chance.choice((SCREEN, WANTED, INTERVIEW)) for _ in range(14)]
    return draft.person(), [
        draft.step(draft.moment(0, 0.4), "apply", 2),
        *_moves(draft, draft.moment(0.4, 0.8), *stages, job=2),
    ]


def _without_address(draft: _Draft) -> Drafted:
    bad = draft.chance.choice((None, None, "nobody", "two@@signs.example", "no-domain@"))
    steps = [
        draft.step(draft.moment(0, 0.4), "apply"),
        *_moves(draft, draft.moment(0.4, 0.6), WANTED),
    ]
    if draft.chance.random() < 0.6:
        mended = f"mended.{draft.number}@people.example"
        steps.append(draft.step(draft.moment(0.6), "address", text=mended))
    return draft.person(bad), steps


def _new_address(draft: _Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    text = f"corrected.{draft.number}@people.example"
    gap = draft.chance.choice((0.0, 2.0, 60.0, 900.0))
    return draft.person(mailbox=draft.chance.choice(("", "gone"))), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *_moves(draft, at, WANTED),
        draft.step(at + gap, "address", text=text),
    ]


def _deleted(draft: _Draft) -> Drafted:
    at = draft.moment(0.2, 0.8)
    return draft.person(), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *_moves(draft, at, WANTED),
        draft.step(at + draft.gap(), "delete"),
    ]


def _merged(draft: _Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    steps = [
        draft.step(draft.moment(0, 0.2), "apply"),
        *_moves(draft, at, WANTED),
        draft.step(at + draft.gap(), "merge"),
    ]
    if draft.chance.random() < 0.6:
        steps += _moves(draft, at + 500, SCREEN, WANTED)
    return draft.person(), steps


def _transferred(draft: _Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    return draft.person(), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *_moves(draft, at, draft.chance.choice((WANTED, SCREEN))),
        draft.step(at + draft.gap(), "transfer", 1),
        *_moves(draft, at + 500, WANTED, job=1),
    ]


def _erased(draft: _Draft) -> Drafted:
    at = draft.moment(0.1, 0.5)
    steps = [
        draft.step(draft.moment(0, 0.1), "apply"),
        *_moves(draft, at, WANTED),
        draft.step(at + draft.chance.choice((5.0, 300.0, 1500.0)), "erase"),
    ]
    if draft.chance.random() < 0.6:
        steps += _moves(draft, at + 1600, SCREEN, WANTED, gap=30)
    return draft.person(temper=draft.chance.choice(("finishes", "finishes", "never"))), steps


def _cancelled(draft: _Draft) -> Drafted:
    at = draft.moment(0.1, 0.6)
    act = draft.chance.choice(("cancel", "resend", "correct", "new link", "extend"))
    text = f"by-hand.{draft.number}@people.example" if act == "correct" else ""
    return draft.person(mailbox=""), [
        draft.step(draft.moment(0, 0.1), "apply"),
        *_moves(draft, at, WANTED),
        draft.step(at + draft.chance.choice((20.0, 200.0, 900.0)), act, text=text),
    ]


def _by_hand(draft: _Draft) -> Drafted:
    at = draft.moment(0.1, 0.6)
    return draft.person(mailbox=""), [
        draft.step(draft.moment(0, 0.1), "apply", 1),
        *_moves(draft, at, SCREEN, job=1),
        *_moves(draft, at + 60, WANTED, SCREEN, job=1, gap=30),
        draft.step(at + 400, "invite", 1),
    ]


KINDS: dict[str, tuple[float, Callable[[_Draft], Drafted]]] = {
    "in": (5.0, _in),
    "straight_in": (2.5, _straight_in),
    "in_out": (2.0, _in_out),
    "in_out_in": (1.5, _in_out_in),
    "flapping": (1.5, _flapping),
    "never": (4.0, _never),
    "elsewhere": (9.0, _elsewhere),
    "without_address": (0.7, _without_address),
    "new_address": (0.8, _new_address),
    "deleted": (0.6, _deleted),
    "merged": (0.8, _merged),
    "transferred": (0.6, _transferred),
    "erased": (0.7, _erased),
    "cancelled": (0.7, _cancelled),
    "by_hand": (0.3, _by_hand),
}


# -- customers and faults


def _customer_act(
    chance: random.Random, act: str, length: float, people: list[Person]
) -> list[Step]:
    customer = chance.randrange(NUMBER)
    at = chance.uniform(0.1, 0.8) * length
    back = at + chance.choice((60.0, 300.0, 1200.0))
    step = Step(at, act, customer, job=chance.choice((0, 1)))
    if act == "bulk move":
        stage = chance.choice((WANTED, INTERVIEW, SCREEN, REJECTED))
        those = [one for one in people if one.customer == customer][:: chance.choice((2, 3, 5))]
        return [Step(at, "move", customer, one.number, 0, stage) for one in those]
    undo = {
        "rename stage": "name stage back",
        "close ats job": "reopen ats job",
        "take scopes": "give scopes",
        "close job": "reopen job",
        "disconnect": "reconnect",
        "rotate": "reconnect",
    }
    steps = [step]
    if act in undo:
        steps.append(replace(step, at=min(back, length), act=undo[act]))
    return steps


def _trouble(chance: random.Random, length: float, favour: tuple[str, ...]) -> Trouble:
    what = chance.choice([*TROUBLES, *[one for one in favour if one in TROUBLES] * 5])
    return Trouble(
        at=chance.uniform(0.02, 0.9) * length,
        lasts=chance.choice((5.0, 30.0, 120.0, 600.0)),
        what=what,
        customer=chance.randrange(NUMBER),
        share=chance.choice((0.1, 0.3, 0.7, 1.0)),
        number=chance.randint(0, 60),
    )
