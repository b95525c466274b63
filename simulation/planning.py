"""Makes the plan of a seed, before anything runs."""

import random

from simulation.customers import NUMBER
from simulation.hazards import CUSTOMER_ACTS, customer_act, late_acts, only_favoured, trouble
from simulation.late_lives import EVERY_KIND
from simulation.lives import KINDS, Draft
from simulation.plan import HOUR, Plan
from simulation.profiles import MIXTURE, PROFILES


def make(seed: int, profile: str = "", favour: tuple[str, ...] = ()) -> Plan:
    """The plan of a seed. ``favour``: faults and acts to choose more often."""
    name = profile or MIXTURE[seed % len(MIXTURE)]
    chance = random.Random(f"plan {seed} {name} {favour}")
    wanted = PROFILES[name]
    length = chance.uniform(*wanted.length)
    weights = [chance.choice((1, 1, 3, 10)) for _ in range(NUMBER)]
    people, steps, moves = [], [], 0
    there = EVERY_KIND if wanted.late else KINDS
    kinds = list(there)
    shares = [
        share * (25 if kind in favour else 1) * wanted.weights.get(kind, 1.0)
        for kind, (share, _) in there.items()
    ]
    while moves < wanted.moves:
        number = len(people)
        kind = chance.choices(kinds, shares)[0]
        customer = chance.choices(range(NUMBER), weights)[0]
        person, acts = there[kind][1](Draft(chance, number, customer, kind, length))
        people.append(person)
        steps += acts
        moves += sum(act.act in ("apply", "move", "transfer") for act in acts)
    for _ in range(chance.randint(0, wanted.acts)):
        liked = [one for one in favour if one in CUSTOMER_ACTS]
        if liked or not wanted.alone:
            act = chance.choice(liked if wanted.alone else [*CUSTOMER_ACTS, *liked * 12])
            steps += customer_act(chance, act, length, people)
    troubles = [
        trouble(chance, length, favour, wanted.hazards)
        for _ in range(chance.randint(*wanted.troubles))
    ]
    if wanted.alone:
        troubles = only_favoured(chance, troubles, favour)
    steps += late_acts(wanted.hazards)
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
