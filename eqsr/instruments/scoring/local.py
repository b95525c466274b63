"""A comparison group made of an organisation's own people, and what speaks against it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.instruments.scoring.norming import Z_95, Group

FEWEST = 100
"""Fewer people than this make no group: our own judgement, as most test manuals'."""
NARROW = 0.8
"""A spread below this share of the published one makes much of how little people differ here."""
MOST_FINISHED = 0.6
ONE_SOURCE = 0.8
SURE_STENS = 0.2
"""How far the group's mean may be off before it is worth saying."""


def group_of(values: Sequence[float]) -> Group:
    """Size, mean and standard deviation (of a sample: divided by n - 1) of these raw scores.

    In two passes, so that it is exact for large values too. Raises ValueError for fewer than two.
    """
    if len(values) < 2:
        raise ValueError("a group needs at least two people")
    n = len(values)
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    return Group(n, mean, math.sqrt(squares / (n - 1)))


def mean_error_stens(n: int) -> float:
    """How far, 95 times in 100, the mean of n people lies from that of all such people: 1.96 SE,
    in stens, where a standard deviation is 2."""
    return Z_95 * 2 / math.sqrt(n)


@dataclass(frozen=True)
class Origin:
    """Where a group comes from: how many were ``invited`` and ``finished``, and how many of those
    who finished came through the job that most came through."""

    invited: int
    finished: int
    largest_job: int


@dataclass(frozen=True)
class Caution:
    """Something to know before a group is used; ``facts`` fill the sentence of that code."""

    code: str
    facts: dict[str, float]


def cautions(group: Group, published_sd: float | None, origin: Origin) -> list[Caution]:
    """What speaks against using the group as if it were everybody."""
    found = []
    error = mean_error_stens(group.n)
    if error > SURE_STENS:
        found.append(Caution("small", {"number": group.n, "stens": error}))
    if origin.invited and origin.finished / origin.invited < MOST_FINISHED:
        facts: dict[str, float] = {"finished": origin.finished, "invited": origin.invited}
        found.append(Caution("few_finished", facts))
    if origin.finished and origin.largest_job / origin.finished > ONE_SOURCE:
        found.append(Caution("one_job", {"share": 100 * origin.largest_job / origin.finished}))
    if published_sd and group.sd < NARROW * published_sd:
        found.append(Caution("narrow", {"own": group.sd, "published": published_sd}))
    return found
