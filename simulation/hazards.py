"""What can break, and what customers do to themselves."""

import random
from dataclasses import replace

from simulation.customers import INTERVIEW, NUMBER, REJECTED, SCREEN, WANTED
from simulation.plan import DAY, MINUTE, Person, Step, Trouble

CALLS = (
    "refuse", "hang", "lost", "cut", "slow", "500", "502", "503", "429", "garbage", "401", "behind",
)  # fmt: skip
OF_ONE = ("403", "denied", "401", "hang", "503")
VISITS = ("visit refuse", "visit slow", "visit cut")
DELIVERIES = ("drop", "duplicate", "reorder", "wrong_signature")
MAILS = (
    "refuses us", "overloaded", "away", "hangs", "drops before 250", "drops after 250", "login",
    "slow",
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

# SmartRecruiters refuses to write what we ask it to: only in profiles that ask for it.
REFUSED = "one 422"
EVERY_TROUBLE = tuple(sorted({*TROUBLES, REFUSED}))

CUSTOMER_ACTS = (
    "bulk move", "rename stage", "close ats job", "take scopes", "expire tokens", "rotate",
    "suspend", "lose subscription", "close job", "disconnect", "bulk move", "rename job",
)  # fmt: skip


def late_acts(hazards: tuple[str, ...]) -> list[Step]:
    """Admins try again what was given up, once the days have passed in which it was."""
    if "try again" not in hazards:
        return []
    return [Step(6.9 * DAY, "try again", customer) for customer in range(NUMBER)]


def customer_act(
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
    # Some disconnect for good.
    if act in undo and not (act == "disconnect" and int(at) % 3 == 0):
        steps.append(replace(step, at=min(back, length), act=undo[act]))
    return steps


def trouble(
    chance: random.Random, length: float, favour: tuple[str, ...], more: tuple[str, ...] = ()
) -> Trouble:
    """A fault, drawn from all kinds and from ``more``."""
    favoured = [one for one in favour if one in EVERY_TROUBLE] * 20
    favoured += [one for one in more if one in EVERY_TROUBLE] * 15
    what = chance.choice([*TROUBLES, *favoured])
    return Trouble(
        at=chance.uniform(0.02, 0.9) * length,
        lasts=chance.choice((5.0, 30.0, 120.0, 600.0)),
        what=what,
        customer=chance.randrange(NUMBER),
        share=chance.choice((0.1, 0.3, 0.7, 1.0)),
        number=chance.randint(0, 60),
    )


def only_favoured(
    chance: random.Random, troubles: list[Trouble], favour: tuple[str, ...]
) -> list[Trouble]:
    """The same faults, each of a favoured kind, for ten minutes and in full strength."""
    only = [one for one in favour if one in EVERY_TROUBLE]
    return [
        replace(one, what=chance.choice(only), lasts=10 * MINUTE, share=1.0)
        for one in troubles
        if only
    ]
