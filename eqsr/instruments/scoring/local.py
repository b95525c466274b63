"""A comparison group of an organisation's own people, and cautions about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.instruments.scoring.measurement_error import Z_95
from eqsr.instruments.scoring.norm_group import NormGroup
from eqsr.instruments.scoring.norming import quantiles

MIN_GROUP_SIZE = 100
"""Smallest group: our own judgement, in line with most test manuals."""
MIN_SD_SHARE = 0.8
"""A standard deviation below this share of the published one is worth a caution."""
MIN_SHARE_FINISHED = 0.6
"""A share of finished invitations below this is worth a caution."""

MAX_SHARE_OF_ONE_JOB = 0.8
"""A share of people from one job above this is worth a caution."""

MAX_MEAN_ERROR_STENS = 0.2
"""An error of the group's mean above this (in stens) is worth a caution."""


def group_of(values: Sequence[float]) -> NormGroup:
    """Size, mean, sample standard deviation (divided by n - 1) and quantiles of these raw scores.

    Uses two passes, which are exact for large values too. Raises ValueError for fewer than two.
    """
    if len(values) < 2:
        raise ValueError("a group needs at least two people")
    n = len(values)
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    return NormGroup(n, mean, math.sqrt(squares / (n - 1)), quantiles(values))


def mean_error_stens(n: int) -> float:
    """Half-width of the 95 % band of the mean of n people: 1.96 SE, in stens (SD 2)."""
    return Z_95 * 2 / math.sqrt(n)


@dataclass(frozen=True)
class Origin:
    """How many people were ``invited`` and ``finished``, and the most who finished for one job."""

    invited: int
    finished: int
    largest_job: int


@dataclass(frozen=True)
class Caution:
    """A warning about a group; ``facts`` fill in the sentence for ``code`` (norms.wording)."""

    code: str
    facts: dict[str, float]


def cautions(group: NormGroup, published_sd: float | None, origin: Origin) -> list[Caution]:
    """List the reasons why the group may not represent people in general."""
    found = []
    error = mean_error_stens(group.n)
    if error > MAX_MEAN_ERROR_STENS:
        found.append(Caution("small", {"number": group.n, "stens": error}))
    if origin.invited and origin.finished / origin.invited < MIN_SHARE_FINISHED:
        facts: dict[str, float] = {"finished": origin.finished, "invited": origin.invited}
        found.append(Caution("few_finished", facts))
    if origin.finished and origin.largest_job / origin.finished > MAX_SHARE_OF_ONE_JOB:
        found.append(Caution("one_job", {"share": 100 * origin.largest_job / origin.finished}))
    if published_sd and group.sd < MIN_SD_SHARE * published_sd:
        found.append(Caution("narrow", {"own": group.sd, "published": published_sd}))
    return found
