"""Scoring results for many simulated people: reliability, bias, coverage of the 95 % band."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, mean

from bench.simulation.people import Player
from eqsr.instruments import tasks
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.reliability import split_half

FORMS = 24
"""Number of different seeds among the sittings; one per person would take most of the time."""


@dataclass(frozen=True)
class Row:
    """One scale of one instrument.

    ``known``: squared correlation of the score with the true score. ``recovered``: split-half
    estimate, which uses no true score.
    """

    instrument: str
    scale: str
    unit: str
    scored: int
    known: float
    recovered: float | None
    bias: float
    width: float
    coverage: float


def study(
    instrument: Instrument, player: Player, sittings: int, seed: int, name: str = ""
) -> list[Row]:
    """Play and score ``sittings`` sittings; return one row per scale."""
    seen = played(instrument, player, sittings, seed)
    return [
        row(name or instrument.name, scale.name, scale.unit, seen[scale.id])
        for scale in instrument.scales
    ]


def played(
    instrument: Instrument, player: Player, sittings: int, seed: int
) -> dict[str, list[tuple[float, ScaleScore]]]:
    """Scale -> true score and score of everybody whose playing can be read."""
    rng = random.Random(seed)
    forms = [tasks.generate(instrument, rng.randrange(2**31)) for _ in range(FORMS)]
    seen: dict[str, list[tuple[float, ScaleScore]]] = defaultdict(list)
    for sitting in range(sittings):
        trials = forms[sitting % FORMS]
        responses, truths = player(trials, rng)
        result = tasks.score(instrument, trials, responses)
        for score in result.scales:
            if score.interpretable and score.scale in truths:
                seen[score.scale].append((truths[score.scale], score))
    return seen


def row(instrument: str, scale: str, unit: str, seen: Sequence[tuple[float, ScaleScore]]) -> Row:
    """Summarise true and observed scores of one scale."""
    truths, scores = [truth for truth, _ in seen], [score for _, score in seen]
    inside = [score.raw_low <= truth <= score.raw_high for truth, score in seen]
    return Row(
        instrument=instrument,
        scale=scale,
        unit=unit,
        scored=len(seen),
        known=correlation(truths, [score.raw for score in scores]) ** 2,
        recovered=_recovered(scores),
        bias=mean(score.raw - truth for truth, score in seen),
        width=mean(score.raw_high - score.raw_low for score in scores),
        coverage=sum(inside) / len(inside),
    )


def _recovered(scores: Sequence[ScaleScore]) -> float | None:
    try:
        return split_half([score.halves for score in scores if score.halves])
    except (StatisticsError, ValueError):
        return None
