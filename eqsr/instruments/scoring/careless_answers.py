"""Signs of careless answers to a questionnaire.

Signs of careless answering (Meade & Craig 2012, Psychological Methods 17, 437-455): long runs of
one answer, patterns, no spread, times too short for reading, and answers that contradict each other
or do not hang together. The signs are from the literature. The limits are our own judgement. Who is
refused and who is read was simulated (bench/simulation/careless.py, docs/limits.md); limits may be
revised once there are data.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from statistics import mean, pstdev

from eqsr.core.messages import N_
from eqsr.instruments.definitions.instrument import Instrument
from eqsr.instruments.definitions.scales import Item
from eqsr.instruments.scoring import consistency
from eqsr.instruments.scoring.quality import Limit, Quality, judged
from eqsr.instruments.scoring.raw import ItemResponse, keyed_value

START_MS = 300
"""To see that there is something new, and to move a finger."""
READING_PER_SECOND = 60
"""Characters that nobody reads more of in a second: about 600 words a minute.

A phrase of 30 characters may so take 800 ms, well below the usual rule of two seconds per item
(Huang et al. 2012), so that quick readers and people who answer with the keyboard are not flagged.
"""
REACTION_MS = 200
"""Too short to see anything and press a key."""
MIN_JUDGED_ANSWERS = 20
"""Spread, runs and times are not judged for fewer answers than this."""
EXPLAINED = 0.6
"""From this share on, the scales explain why answers repeat a pattern."""


LIMITS = (
    Limit("long_run", 12, 25, True, N_("The same answer was given {value:.0f} times in a row.")),
    Limit(
        "no_spread",
        0.6,
        0.3,
        False,
        N_("The answers hardly vary (standard deviation {value:.2f})."),
    ),
    Limit(
        "repetition",
        0.7,
        0.85,
        True,
        N_("{value:.0%} of the answers repeat a pattern, such as one option after the other."),
    ),
    Limit(
        "inconsistency",
        2.8,
        2.8,
        True,
        N_("Phrases that go together were answered as differently as if at random."),
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


def reading_ms(text: str) -> float:
    """Too short to read this text and answer it, in milliseconds."""
    return START_MS + 1000 * len(text) / READING_PER_SECOND


def longest_run(values: Sequence[int]) -> int:
    """Length of the longest run of equal values; 0 without values."""
    return max((len(list(run)) for _, run in groupby(values)), default=0)


def share_faster(times_ms: Sequence[int], limits_ms: Sequence[float]) -> float:
    """Share (0 to 1) of response times below their own limit."""
    below = sum(time < limit for time, limit in zip(times_ms, limits_ms, strict=True))
    return below / len(times_ms)


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
    given = [item for item in instrument.items if item.number in answers]
    values = {number: answer.value for number, answer in answers.items()}
    options = [option.value for option in instrument.options]
    low, high = min(options), max(options)
    measures: dict[str, float] = {"answered": len(given) / len(instrument.items)}
    if len(given) >= MIN_JUDGED_ANSWERS:
        row = [values[item.number] for item in given]
        measures |= {
            "long_run": longest_run(row),
            "no_spread": pstdev(row),
        }
        measures |= _consistency(instrument, given, values, low, high)
        # Phrases come in the order of their scales, so consistent answers may repeat themselves.
        if measures["keyed_share"] < EXPLAINED:
            measures["repetition"] = consistency.repetition(row)
    timed = [(item, answers[item.number].response_ms) for item in given]
    read = [(item.text, time) for item, time in timed if time is not None]
    if len(read) >= MIN_JUDGED_ANSWERS:
        texts, times = [text for text, _ in read], [time for _, time in read]
        measures |= {
            "too_fast": share_faster(times, [reading_ms(text) for text in texts]),
            "no_reaction": share_faster(times, [REACTION_MS] * len(times)),
            "time_by_length": consistency.time_by_length(times, [len(text) for text in texts]),
        }
    distance = contradiction(instrument.opposite_pairs, values, low, high)
    if distance is not None:
        measures["contradiction"] = distance
    return measures


def _consistency(
    instrument: Instrument,
    given: Sequence[Item],
    values: Mapping[int, int],
    low: int,
    high: int,
) -> dict[str, float]:
    """How far the answers hang together; facets are compared within themselves."""
    by_scale: dict[str, list[Item]] = defaultdict(list)
    for item in given:
        by_scale[item.scale].append(item)
    keyed = {
        scale: [keyed_value(values[item.number], item.keyed, low, high) for item in items]
        for scale, items in by_scale.items()
    }
    row = [values[item.number] for item in given]
    usual = [_usual(instrument, item, low, high) for item in given]
    found = {
        "scatter": consistency.scatter(keyed),
        "keyed_share": consistency.keyed_share(keyed, (low + high) / 2),
        "synonyms": consistency.synonyms(
            [pair for items in by_scale.values() for pair in _neighbours(items, values, low, high)]
        ),
        "person_total": consistency.person_total(row, usual),
    }
    index = consistency.inconsistency(*found.values())
    return found | {"even_odd": consistency.even_odd(keyed), "inconsistency": index}


def _neighbours(
    items: Sequence[Item], values: Mapping[int, int], low: int, high: int
) -> Iterator[tuple[float, float]]:
    """Pairs of neighbouring answers of one scale, both in the direction of the first phrase."""
    for one, other in zip(items[::2], items[1::2], strict=False):
        same = 1 if one.keyed == other.keyed else -1
        yield values[one.number], keyed_value(values[other.number], same, low, high)


def _usual(instrument: Instrument, item: Item, low: int, high: int) -> float:
    """What people usually answer to a phrase.

    The published group's mean of its scale; without a group a quarter of the way from the middle
    towards the scale's high end, as people on average describe themselves there.
    """
    group = instrument.norm.scales.get(item.scale)
    mean = group.mean if group else low + (high - low) * 0.625
    return mean if item.keyed == 1 else low + high - mean
