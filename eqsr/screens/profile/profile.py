"""The candidate profile: everything that a recruiter may see about one candidate."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.models import Activity
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.extras.target_ranges import service as fit
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap, overlap
from eqsr.instruments import plot
from eqsr.instruments.catalogue import Explanation, Instrument, Norm, Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.instruments.scoring.raw import ENOUGH_ANSWERED
from eqsr.invitations.models import Invitation
from eqsr.norms import service as norms
from eqsr.results.models import WriteBack
from eqsr.sittings import records
from eqsr.sittings.models import Sitting
from eqsr.teams import visibility


@dataclass(frozen=True)
class ScaleResult:
    """One scale: its score, and the texts for its low and high ends.

    ``here`` is the text for the band of this score; None when the score has no norm or can't be
    interpreted.
    """

    scale: Scale
    score: ScaleScore
    low: Explanation
    high: Explanation
    here: Explanation | None

    @property
    def readable(self) -> bool:
        """Whether the score can be interpreted."""
        return self.score.interpretable

    @property
    def too_few_answers(self) -> bool:
        """Whether too many questions were left open to interpret the score."""
        return self.score.answered < ENOUGH_ANSWERED * self.score.items


@dataclass(frozen=True)
class FacetResult:
    """The score of a part of a scale. It is less precise than a scale's and has no texts."""

    facet: Scale
    score: ScaleScore


@dataclass(frozen=True)
class EarlierScores:
    """Scores that newer ones replaced: the name of their norm, and when they were computed."""

    norm: str
    scored_at: datetime


@dataclass(frozen=True)
class ProfilePart:
    """One sitting with its scores; ``scales`` is empty until the sitting is finished."""

    sitting: Sitting
    instrument: Instrument
    norm: Norm
    answered: int
    scales: Sequence[ScaleResult] = ()
    earlier: Sequence[EarlierScores] = ()
    facets: Sequence[FacetResult] = ()

    @property
    def facets_by_scale(self) -> list[tuple[Scale, list[FacetResult]]]:
        """Each scale that has facets, with their scores; empty if no score can be interpreted."""
        found = [
            (one.scale, [part for part in self.facets if part.facet.part_of == one.scale.id])
            for one in self.scales
        ]
        return [(scale, parts) for scale, parts in found if parts] if self.readable else []

    @property
    def readable(self) -> bool:
        """Whether any score can be interpreted."""
        return any(result.score.interpretable for result in self.scales)

    @property
    def unreadable_as_a_whole(self) -> bool:
        """Whether the quality checks make every score uninterpretable."""
        return bool(self.sitting.quality) and not self.readable

    def drawing(self, layout: str) -> Markup:
        """The drawing of all scales. ``layout``: ``wide`` or ``compact``."""
        return plot.plot(
            [result.score for result in self.scales],
            [result.scale for result in self.scales],
            layout,
            prefix=f"plot-{self.sitting.id.hex[-8:]}",
            title=self.instrument.name,
        )


@dataclass(frozen=True)
class Block:
    """An invitation with its results.

    ``sought``: the job's target ranges; ``elsewhere``: the result of another platform.
    """

    invitation: Invitation
    parts: Sequence[ProfilePart] = ()
    write_back: WriteBack | None = None
    sought: Mapping[fit.Key, TargetRange] = field(default_factory=dict)
    elsewhere: PlatformResult | None = None

    @property
    def finished(self) -> bool:
        """Whether there are scores of our own, interpretable or not."""
        return any(part.scales for part in self.parts)

    @property
    def has_result(self) -> bool:
        """Whether there are scores, our own or another platform's."""
        return self.finished or self.elsewhere is not None

    @property
    def fits(self) -> list[tuple[Scale, TargetRange, Overlap]]:
        """For each scale with a target range: where the score's band lies relative to it."""
        return [
            (found.scale, wanted, overlap(found.score, wanted.least, wanted.most))
            for part in self.parts
            for found in part.scales
            if (wanted := self.sought.get((part.instrument.id, found.scale.id)))
        ]


@dataclass(frozen=True)
class Profile:
    """A candidate with their applications, results and activity.

    ``blocks`` and ``timeline`` have the latest first.
    """

    candidate: Candidate
    applications: Sequence[Application]
    blocks: Sequence[Block]
    timeline: Sequence[Activity] = field(default_factory=list)


def profile(candidate_id: uuid.UUID, viewer: User) -> Profile:
    """The parts of the candidate's profile that ``viewer`` may see.

    Raises NotFoundError if there are none.
    """
    candidate = db.session.get(Candidate, candidate_id, populate_existing=True)
    if candidate is None or not visibility.sees_candidate(viewer, candidate.id):
        raise NotFoundError
    applications = visibility.applications_seen(viewer, candidate.id)
    application_ids = [application.id for application in applications]
    jobs = visibility.visible_job_ids(viewer)
    invitations = [one for one in _invitations_of(application_ids) if one.job_id in jobs]
    return Profile(
        candidate=candidate,
        applications=applications,
        blocks=blocks_of(invitations),
        timeline=visibility.lines_seen(viewer, activity.of_applications(application_ids))[::-1],
    )


def blocks_of(invitations: Sequence[Invitation]) -> list[Block]:
    """The invitations with their results, in the order given."""
    ids = [invitation.id for invitation in invitations]
    parts = _parts_of(ids)
    write_backs = _write_backs_of(ids)
    sought = {job_id: fit.ranges_of(job_id) for job_id in {one.job_id for one in invitations}}
    elsewhere = _elsewhere_of(ids)
    return [
        Block(
            invitation=one,
            parts=parts.get(one.id, ()),
            write_back=write_backs.get(one.id),
            sought=sought[one.job_id],
            elsewhere=elsewhere.get(one.id),
        )
        for one in invitations
    ]


def _invitations_of(application_ids: Sequence[uuid.UUID]) -> list[Invitation]:
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.application_id.in_(application_ids))
            .order_by(Invitation.queued_at.desc(), Invitation.id.desc())
            .execution_options(populate_existing=True)
        )
    )


def _parts_of(invitation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ProfilePart]]:
    sittings = records.sittings_of(invitation_ids)
    answered = records.answered_counts([sitting.id for sitting in sittings])
    parts: dict[uuid.UUID, list[ProfilePart]] = {}
    for sitting in sittings:
        part = _part(sitting, answered[sitting.id])
        parts.setdefault(sitting.invitation_id, []).append(part)
    return parts


def _part(sitting: Sitting, answered: int) -> ProfilePart:
    instrument = records.instrument_for_reader(sitting)
    scores = {score.scale: ScaleScore(**score.outcome) for score in records.scores_of(sitting)}
    organisation_id = sitting.invitation.organisation_id
    first = next(iter(scores.values()), None)
    norm = instrument.norm
    if first is not None:
        norm = norms.norm_of(organisation_id, instrument, first.norm_id, first.norm_version)
    earlier = [
        EarlierScores(norms.norm_of(organisation_id, instrument, norm_id, version).name, at)
        for norm_id, version, at in records.earlier_norms_of(sitting)
    ]
    results = [
        _scale_result(instrument, scale, scores[scale.id])
        for scale in instrument.scales
        if scale.id in scores
    ]
    facets = [
        FacetResult(facet, scores[facet.id]) for facet in instrument.facets if facet.id in scores
    ]
    return ProfilePart(sitting, instrument, norm, answered, results, earlier, facets)


def _scale_result(instrument: Instrument, scale: Scale, score: ScaleScore) -> ScaleResult:
    band = score.band_word
    return ScaleResult(
        scale=scale,
        score=score,
        low=instrument.explanation(scale.id, "low"),
        high=instrument.explanation(scale.id, "high"),
        here=instrument.explanation(scale.id, band) if band else None,
    )


def _elsewhere_of(invitation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, PlatformResult]:
    rows = db.session.scalars(
        select(PlatformResult).where(PlatformResult.invitation_id.in_(invitation_ids))
    )
    return {row.invitation_id: row for row in rows}


def _write_backs_of(invitation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, WriteBack]:
    rows = db.session.scalars(
        select(WriteBack)
        .where(WriteBack.invitation_id.in_(invitation_ids))
        .execution_options(populate_existing=True)
    )
    return {row.invitation_id: row for row in rows}
