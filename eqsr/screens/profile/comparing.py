"""Compare candidates of one job scale by scale, without a ranking or an overall number."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.extras.target_ranges import service as fit
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap, overlap
from eqsr.instruments import catalogue, tasks
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.difference import differs
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.jobs.models import Job
from eqsr.sittings.models import Score, Sitting

MIN_PEOPLE, MAX_PEOPLE = 2, 5
OFFERED_AT_MOST = 100


@dataclass(frozen=True)
class ComparisonRow:
    """One person on one scale.

    ``score`` is None when the person did not take the instrument, or took another version.
    ``apart`` names the people who differ from this one by more than measurement error.
    ``comparable`` is False when nobody else in the comparison can be compared with this person.
    """

    name: str
    candidate_id: uuid.UUID
    score: ScaleScore | None
    overlap: Overlap
    apart: Sequence[str] = ()
    comparable: bool = True

    @property
    def readable(self) -> bool:
        """Whether there is a score that can be interpreted."""
        return self.score is not None and self.score.interpretable


@dataclass(frozen=True)
class Pair:
    """Two people who differ by more than measurement error; ``further`` has the higher score."""

    further: str
    other: str


@dataclass(frozen=True)
class Comparison:
    """One scale: the people in order of their names, and the pairs that differ.

    ``uneven``: some people had longer time limits, and are compared only with each other.
    """

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    rows: Sequence[ComparisonRow]
    pairs: Sequence[Pair]
    uneven: bool = False

    @property
    def comparable(self) -> bool:
        """Whether at least two people can be compared."""
        return any(row.readable and row.comparable for row in self.rows)

    @property
    def normed(self) -> bool:
        """Whether any score that can be interpreted has stens."""
        return any(row.score.normed for row in self.rows if row.score and row.readable)


def completed(job: Job, text: str = "") -> list[Invitation]:
    """The latest completed invitation of each candidate of the job, in order of name.

    ``text`` keeps only candidates whose name contains all of its words.
    """
    latest = (
        select(func.max(Invitation.attempt))
        .where(Invitation.job_id == job.id, Invitation.state == InvitationState.COMPLETED)
        .where(Invitation.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    query = (
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Invitation.job_id == job.id, Invitation.state == InvitationState.COMPLETED)
        .where(Invitation.attempt == latest, Candidate.removed_at.is_(None))
        .where(Invitation.id.in_(select(Sitting.invitation_id)))
        .order_by(func.lower(Candidate.last_name), func.lower(Candidate.first_name), Invitation.id)
    )
    described = func.lower(Candidate.first_name + " " + Candidate.last_name)
    for word in text.lower().split():
        query = query.where(described.contains(word, autoescape=True))
    return list(db.session.scalars(query.limit(OFFERED_AT_MOST)))


def chosen(job: Job, ids: Sequence[uuid.UUID]) -> list[Invitation]:
    """The completed invitations of the job among ``ids``, in order of the candidates' names."""
    found = db.session.scalars(
        select(Invitation).where(
            Invitation.id.in_(ids),
            Invitation.job_id == job.id,
            Invitation.state == InvitationState.COMPLETED,
            Invitation.email != "",  # empty once it was erased
        )
    )
    return sorted(found, key=lambda one: one.application.candidate.name.lower())


def compare(job: Job, invitations: Sequence[Invitation], language: str = "en") -> list[Comparison]:
    """One comparison per scale of every instrument that at least one of the candidates took.

    Only scores of the instrument version in use now are compared.
    """
    ids = [one.id for one in invitations]
    taken = _taken(ids)
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


def _taken(
    invitation_ids: Sequence[uuid.UUID],
) -> dict[tuple[uuid.UUID, str, str, str], tuple[ScaleScore, float]]:
    """(invitation, instrument, version, scale) -> the current score and the time factor.

    Earlier invitations of the same application count too, because each stage of a job may ask
    for another assessment. When an instrument was taken twice, the later attempt counts.
    """
    chosen, taken = aliased(Invitation), aliased(Invitation)
    same_person = and_(
        taken.application_id == chosen.application_id,
        taken.job_id == chosen.job_id,
        taken.attempt <= chosen.attempt,
        taken.state == InvitationState.COMPLETED,
    )
    rows = db.session.execute(
        select(chosen.id, Sitting, Score)
        .select_from(chosen)
        .join(taken, same_person)
        .join(Sitting, Sitting.invitation_id == taken.id)
        .join(Score, and_(Score.sitting_id == Sitting.id, Score.is_current))
        .where(chosen.id.in_(invitation_ids))
        .order_by(taken.attempt)
    )
    return {
        (invitation_id, sitting.instrument, sitting.instrument_version, score.scale): (
            ScaleScore(**score.outcome),
            sitting.time_factor,
        )
        for invitation_id, sitting, score in rows
    }
