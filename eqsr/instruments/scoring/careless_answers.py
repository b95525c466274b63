"""Signs of careless answers to a questionnaire.

Signs of careless answering (Meade & Craig 2012, Psychological Methods 17, 437-455): long runs of
one answer, no spread, times too short for reading, and answers that contradict each other. The
signs are from the literature. The limits are our own judgement, set so that an attentive person
practically never reaches one, and may be revised once there are data.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import mean, pstdev

from eqsr.core.messages import N_
from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.scoring.quality import Limit, Quality, judged
from eqsr.instruments.scoring.raw import ItemResponse

READING_MS = 800
"""Too short to read a phrase of three to eight words and answer it.

Well below the usual rule of two seconds per item (Huang et al. 2012), so that quick readers and
people who answer with the keyboard are not flagged.
"""
REACTION_MS = 200
"""Too short to see anything and press a key."""
MIN_JUDGED_ANSWERS = 20
"""Spread, runs and times are not judged for fewer answers than this."""


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
"""``too_fast`` never voids alone, as its void limit is above 1, the largest share.

``no_reaction`` only voids, as its answers count in ``too_fast`` already, as one sign of doubt.
"""


def quality(instrument: Instrument, answers: Mapping[int, ItemResponse]) -> Quality:
    """Judge a questionnaire's answers (item number -> answer) by ``LIMITS``."""
    return judged(_measures(instrument, answers), LIMITS)


def longest_run(values: Sequence[int]) -> int:
    """Length of the longest run of equal values; 0 without values."""
    return max((len(list(run)) for _, run in groupby(values)), default=0)


def share_faster(times_ms: Sequence[int], limit_ms: int) -> float:
    """Share (0 to 1) of response times below the limit."""
    return sum(time < limit_ms for time in times_ms) / len(times_ms)


def contradiction(
    pairs: Sequence[tuple[int, int]], values: Mapping[int, int], low: int, high: int
) -> float | None:
    """Mean distance of two opposite items from a consistent answer, |a - (low + high - b)|.

    0 is consistent, 1.6 the mean of random answers on five options, and 4 the same extreme answer
    to both items. None if no pair was answered.
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
    if len(given) >= MIN_JUDGED_ANSWERS:
        measures["long_run"] = longest_run([answer.value for answer in given])
        measures["no_spread"] = pstdev(answer.value for answer in given)
    times = [answer.response_ms for answer in given if answer.response_ms is not None]
    if len(times) >= MIN_JUDGED_ANSWERS:
        measures["too_fast"] = share_faster(times, READING_MS)
        measures["no_reaction"] = share_faster(times, REACTION_MS)
    distance = contradiction(instrument.opposite_pairs, values, min(options), max(options))
    if distance is not None:
        measures["contradiction"] = distance
    return measures
