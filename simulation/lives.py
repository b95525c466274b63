"""The kinds of people: what happens to each, drawn from the seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from simulation.customers import (
    DECOY,
    HIRED,
    INTERVIEW,
    NEW,
    OTHERS,
    REJECTED,
    SCREEN,
    WANTED,
    Stage,
)
from simulation.plan import Person, Step

TEMPERS = ("never",) * 5 + ("scanner",) * 2 + ("finishes",) * 4 + ("stops",) + ("two devices",)
MAILBOXES = ("",) * 22 + ("gone", "greylists", "full", "later")


@dataclass
class Draft:
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


def moves(
    draft: Draft, at: float, *stages: Stage, job: int = 0, gap: float | None = None
) -> list[Step]:
    gap = draft.gap() if gap is None else gap
    return [draft.step(at + n * gap, "move", job, stage) for n, stage in enumerate(stages)]


def _in(draft: Draft) -> Drafted:
    at, job = draft.moment(0, 0.5), draft.chance.choice((0, 0, 1))
    stages = [WANTED] if draft.chance.random() < 0.6 else [SCREEN, WANTED]
    later = draft.moment(0.5)
    return draft.person(), [
        draft.step(at, "apply", job),
        *moves(draft, later, *stages, job=job),
    ]


def _straight_in(draft: Draft) -> Drafted:
    return draft.person(), [draft.step(draft.moment(), "apply", 0, WANTED)]


def _in_out(draft: Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 1))
    out = draft.chance.choice((SCREEN, INTERVIEW, REJECTED, HIRED))
    return draft.person(), [
        draft.step(at, "apply", job),
        *moves(draft, draft.moment(0.4), WANTED, out, job=job),
    ]


def _in_out_in(draft: Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 0, 1))
    return draft.person(), [
        draft.step(at, "apply", job),
        *moves(draft, draft.moment(0.4, 0.8), WANTED, INTERVIEW, WANTED, job=job),
    ]


def _flapping(draft: Draft) -> Drafted:
    at = draft.moment(0, 0.4)
    count = draft.chance.randint(4, 8)
    stages = [WANTED if n % 2 else draft.chance.choice(OTHERS) for n in range(count)]
    return draft.person(), [
        draft.step(at, "apply"),
        *moves(draft, draft.moment(0.4, 0.7), *stages),
    ]


def _never(draft: Draft) -> Drafted:
    at, job = draft.moment(0, 0.4), draft.chance.choice((0, 1))
    return draft.person(), [
        draft.step(at, "apply", job),
        *moves(draft, draft.moment(0.4), SCREEN, DECOY, REJECTED, job=job),
    ]


def _elsewhere(draft: Draft) -> Drafted:
    """At a job that is not connected: nothing of it concerns us."""
    stages = [draft.chance.choice((SCREEN, WANTED, INTERVIEW)) for _ in range(14)]
    return draft.person(), [
        draft.step(draft.moment(0, 0.4), "apply", 2),
        *moves(draft, draft.moment(0.4, 0.8), *stages, job=2),
    ]


def _without_address(draft: Draft) -> Drafted:
    bad = draft.chance.choice((None, None, "nobody", "two@@signs.example", "no-domain@"))
    steps = [
        draft.step(draft.moment(0, 0.4), "apply"),
        *moves(draft, draft.moment(0.4, 0.6), WANTED),
    ]
    if draft.chance.random() < 0.6:
        mended = f"mended.{draft.number}@people.example"
        steps.append(draft.step(draft.moment(0.6), "address", text=mended))
    return draft.person(bad), steps


def _new_address(draft: Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    text = f"corrected.{draft.number}@people.example"
    gap = draft.chance.choice((0.0, 2.0, 60.0, 900.0))
    return draft.person(mailbox=draft.chance.choice(("", "gone"))), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + gap, "address", text=text),
    ]


def _deleted(draft: Draft) -> Drafted:
    at = draft.moment(0.2, 0.8)
    return draft.person(), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + draft.gap(), "delete"),
    ]


def _merged(draft: Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    steps = [
        draft.step(draft.moment(0, 0.2), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + draft.gap(), "merge"),
    ]
    if draft.chance.random() < 0.6:
        steps += moves(draft, at + 500, SCREEN, WANTED)
    return draft.person(), steps


def _transferred(draft: Draft) -> Drafted:
    at = draft.moment(0.2, 0.7)
    return draft.person(), [
        draft.step(draft.moment(0, 0.2), "apply"),
        *moves(draft, at, draft.chance.choice((WANTED, SCREEN))),
        draft.step(at + draft.gap(), "transfer", 1),
        *moves(draft, at + 500, WANTED, job=1),
    ]


def _erased(draft: Draft) -> Drafted:
    at = draft.moment(0.1, 0.5)
    steps = [
        draft.step(draft.moment(0, 0.1), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + draft.chance.choice((5.0, 300.0, 1500.0)), "erase"),
    ]
    if draft.chance.random() < 0.6:
        steps += moves(draft, at + 1600, SCREEN, WANTED, gap=30)
    return draft.person(temper=draft.chance.choice(("finishes", "finishes", "never"))), steps


def _cancelled(draft: Draft) -> Drafted:
    at = draft.moment(0.1, 0.6)
    act = draft.chance.choice(("cancel", "resend", "correct", "new link", "extend"))
    text = f"by-hand.{draft.number}@people.example" if act == "correct" else ""
    return draft.person(mailbox=""), [
        draft.step(draft.moment(0, 0.1), "apply"),
        *moves(draft, at, WANTED),
        draft.step(at + draft.chance.choice((20.0, 200.0, 900.0)), act, text=text),
    ]


def _by_hand(draft: Draft) -> Drafted:
    at = draft.moment(0.1, 0.6)
    return draft.person(mailbox=""), [
        draft.step(draft.moment(0, 0.1), "apply", 1),
        *moves(draft, at, SCREEN, job=1),
        *moves(draft, at + 60, WANTED, SCREEN, job=1, gap=30),
        draft.step(at + 400, "invite", 1),
    ]


def _twice(draft: Draft) -> Drafted:
    """The same person comes to the same job on a second profile."""
    again = draft.moment(0.35, 0.7)
    steps = [
        draft.step(draft.moment(0, 0.3), "apply", 0, WANTED),
        draft.step(again, "second profile", 0, WANTED),
    ]
    if draft.chance.random() < 0.5:
        steps.append(draft.step(again + draft.chance.choice((300.0, 900.0)), "invite anyway"))
    elif draft.chance.random() < 0.6:
        merged = again + draft.chance.choice((0.0, 300.0, 900.0))
        steps.append(draft.step(merged, "merge profiles", text=draft.chance.choice(("", "back"))))
    return draft.person(mailbox=""), steps


def _two_jobs(draft: Draft) -> Drafted:
    """Somebody who has finished comes to another job with the same assessment."""
    return draft.person(mailbox="", temper="finishes"), [
        draft.step(draft.moment(0, 0.2), "apply", 0, WANTED),
        draft.step(draft.moment(0.5, 0.9), "apply", 1, WANTED),
    ]


def _shared_mailbox(draft: Draft) -> Drafted:
    """Two people share a mailbox; the second comes to another job with the same assessment."""
    return draft.person(mailbox="", temper="finishes"), [
        draft.step(draft.moment(0, 0.2), "apply", 0, WANTED),
        draft.step(draft.moment(0.5, 0.9), "second profile", 1, WANTED, text=f"Kin{draft.number}"),
    ]


KINDS: dict[str, tuple[float, Callable[[Draft], Drafted]]] = {
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
    "twice": (0.6, _twice),
    "two_jobs": (0.4, _two_jobs),
    "shared_mailbox": (0.3, _shared_mailbox),
}
