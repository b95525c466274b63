"""Compare candidates of one job scale by scale, without a ranking or an overall number."""

from collections.abc import Sequence
from itertools import combinations

from eqsr.extras.target_ranges import service as fit
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap, overlap
from eqsr.instruments import catalogue, tasks
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.difference import differs
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.screens.profile.comparable_scores import current_scores
from eqsr.screens.profile.comparison import Comparison, ComparisonRow, Pair


def compare(job: Job, invitations: Sequence[Invitation], language: str = "en") -> list[Comparison]:
    """One comparison per scale of every instrument that at least one of the candidates took.

    Only scores of the instrument version in use now are compared.
    """
    ids = [one.id for one in invitations]
    taken = current_scores(ids)
    sought = fit.ranges_of(job.id)
    names = _names(invitations)
    comparisons = []
    for part in dict.fromkeys(key[1] for key in taken):
        instrument = catalogue.instrument(part, language=language)
        for scale in instrument.scales:
            wanted = sought.get((part, scale.id))
            theirs = [
                taken.get((one.id, part, instrument.version, scale.id), (None, 1.0))
                for one in invitations
            ]
            known = [score for score, _time in theirs]
            # A longer time limit only matters when the instrument is timed.
            timed = instrument.kind == "task" and tasks.timed(instrument)
            had = [time if timed else 1.0 for _score, time in theirs]
            comparisons.append(
                _comparison(instrument, scale, wanted, invitations, names, known, had)
            )
    return comparisons


def _comparison(
    instrument: Instrument,
    scale: Scale,
    sought: TargetRange | None,
    invitations: Sequence[Invitation],
    names: Sequence[str],
    scores: Sequence[ScaleScore | None],
    times: Sequence[float],
) -> Comparison:
    readable = {at: score for at, score in enumerate(scores) if score and score.interpretable}
    alike = [(a, b) for a, b in combinations(readable, 2) if times[a] == times[b]]
    pairs = [
        Pair(names[a], names[b])
        if _raw(readable[a]) > _raw(readable[b])
        else Pair(names[b], names[a])
        for a, b in alike
        if differs(readable[a], readable[b])
    ]
    rows = [
        ComparisonRow(
            name=name,
            candidate_id=one.application.candidate_id,
            score=score,
            overlap=overlap(score, sought.least, sought.most) if sought else Overlap.UNKNOWN,
            apart=[
                pair.other if pair.further == name else pair.further
                for pair in pairs
                if name in (pair.further, pair.other)
            ],
            comparable=any(at in two for two in alike),
        )
        for at, (one, name, score) in enumerate(zip(invitations, names, scores, strict=True))
    ]
    uneven = len({times[at] for at in readable}) > 1
    return Comparison(instrument, scale, sought, rows, pairs, uneven)


def _raw(score: ScaleScore) -> float:
    """The raw score. Raises ValueError when the scale was not scored."""
    if score.raw is None:
        raise ValueError(f"{score.scale} has no raw score")
    return score.raw


def _names(invitations: Sequence[Invitation]) -> list[str]:
    """The candidates' names, with the email address added to names that occur twice."""
    names = [one.application.candidate.name for one in invitations]
    return [
        f"{name} ({one.email})" if names.count(name) > 1 else name
        for one, name in zip(invitations, names, strict=True)
    ]
