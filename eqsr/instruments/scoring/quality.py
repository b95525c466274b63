"""Whether the answers can be read at all.

Signs of careless answering (Meade & Craig 2012, Psychological Methods 17, 437-455): long runs of
one answer, no spread, times in which nobody reads, and answers that contradict each other. The
kinds of sign are from the literature; every limit below is our own judgement, set so that an
attentive person practically never meets it, and is open to revision once there are data.

Unreadable answers make a result "not interpretable". They never make a score low.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean, pstdev

from eqsr.core.messages import N_
from eqsr.instruments.definitions.shape import Instrument
from eqsr.instruments.scoring.raw import ItemResponse

READING_MS = 800
"""Less than it takes to read a phrase of three to eight words and answer it.

Well below the usual rule of two seconds per item (Huang et al. 2012), so that quick readers, and
people who answer with the keyboard, are not held up.
"""
REACTION_MS = 200
"""Less than it takes a person to see anything and press a key."""
FEW = 20
"""Spread, runs and times say little over fewer answers than this, and are then not judged."""


@dataclass(frozen=True)
class Limit:
    """When a measure becomes a sign. ``doubt`` is one sign of two; ``void`` alone is enough."""

    code: str
    doubt: float
    void: float
    high_is_bad: bool
    sentence: str

    def crossed(self, value: float, limit: float) -> bool:
        return value >= limit if self.high_is_bad else value <= limit


LIMITS = (
    Limit("long_run", 12, 25, True, N_("The same answer was given {value:.0f} times in a row.")),
    Limit(
        "no_spread",
        0.6,
        0.3,
        False,
        N_("The answers hardly vary (standard deviation {value:.2f})."),
    ),
    Limit("too_fast", 0.2, 2.0, True, "{value:.0%} of the answers came faster than one can read."),
    Limit(
        "no_reaction", 0.5, 0.5, True, "{value:.0%} of the answers came faster than one can see."
    ),
    Limit(
        "contradiction",
        1.4,
        2.6,
        True,
        N_(
            "Statements that say the opposite of each other got similar answers "
            "(on average {value:.1f} steps apart from a consistent answer)."
        ),
    ),
)
"""``too_fast`` never voids alone: its limit lies above the largest share there is.

``no_reaction`` only voids: its answers are already counted in ``too_fast``, as one sign of doubt.
"""


@dataclass(frozen=True)
class Flag:
    """One sign that was found. ``void`` says that it is enough by itself."""

    code: str
    value: float
    limit: float
    void: bool
    sentence: str


@dataclass(frozen=True)
class Quality:
    """What was looked at, what stood out, and whether the result may be read."""

    interpretable: bool
    flags: tuple[Flag, ...]
    measures: dict[str, float]


def quality(instrument: Instrument, answers: Mapping[int, ItemResponse]) -> Quality:
    """Judge the answers by ``LIMITS``."""
    return judged(_measures(instrument, answers), LIMITS)


def judged(measures: dict[str, float], limits: Iterable[Limit]) -> Quality:
    """Not interpretable with one void sign, or with two signs of doubt; a limit whose measure is
    missing is not judged."""
    flags = []
    for limit in limits:
        value = measures.get(limit.code)
        if value is not None and limit.crossed(value, limit.doubt):
            void = limit.crossed(value, limit.void)
            crossed = limit.void if void else limit.doubt
            flags.append(Flag(limit.code, value, crossed, void, limit.sentence.format(value=value)))
    interpretable = len(flags) < 2 and not any(flag.void for flag in flags)
    return Quality(interpretable, tuple(flags), measures)


def longest_run(values: Sequence[int]) -> int:
    """Length of the longest run of equal values; 0 for none."""
    return max((len(list(run)) for _, run in groupby(values)), default=0)


def share_faster(times_ms: Sequence[int], limit_ms: int) -> float:
    """Share (0 to 1) of response times below the limit."""
    return sum(time < limit_ms for time in times_ms) / len(times_ms)


def contradiction(
    pairs: Sequence[tuple[int, int]], values: Mapping[int, int], low: int, high: int
) -> float | None:
    """Mean distance of two opposite items from a consistent answer, |a - (low + high - b)|.

    0 is consistent; 1.6 is what answers thrown with a five-sided die give on average; 4 is giving
    the same extreme answer to both. None when no pair was answered.
    """
    distances = [
        abs(values[a] - (low + high - values[b])) for a, b in pairs if a in values and b in values
    ]
    return mean(distances) if distances else None


def _measures(instrument: Instrument, answers: Mapping[int, ItemResponse]) -> dict[str, float]:
    given = [answers[item.number] for item in instrument.items if item.number in answers]
    values = {number: answer.value for number, answer in answers.items()}
    options = [option.value for option in instrument.options]
    measures: dict[str, float] = {"answered": len(given) / len(instrument.items)}
    if len(given) >= FEW:
        measures["long_run"] = longest_run([answer.value for answer in given])
        measures["no_spread"] = pstdev(answer.value for answer in given)
    times = [answer.response_ms for answer in given if answer.response_ms is not None]
    if len(times) >= FEW:
        measures["too_fast"] = share_faster(times, READING_MS)
        measures["no_reaction"] = share_faster(times, REACTION_MS)
    distance = contradiction(instrument.opposite_pairs, values, min(options), max(options))
    if distance is not None:
        measures["contradiction"] = distance
    return measures
