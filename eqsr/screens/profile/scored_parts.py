"""Reading the scores of sittings for a profile."""

import uuid
from collections.abc import Sequence

from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.scoring import ScaleScore
from eqsr.invitations.models import WITH_RESULT
from eqsr.norms import service as norms
from eqsr.screens.profile.scale_results import EarlierScores, FacetResult, ProfilePart, ScaleResult
from eqsr.sittings import records
from eqsr.sittings.models import Sitting


def parts_of(invitation_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ProfilePart]]:
    """Invitation id -> its sittings with their scores, in the order in which they were started."""
    sittings = records.sittings_of(invitation_ids)
    answered = records.answered_counts([sitting.id for sitting in sittings])
    parts: dict[uuid.UUID, list[ProfilePart]] = {}
    for sitting in sittings:
        part = _part(sitting, answered[sitting.id])
        parts.setdefault(sitting.invitation_id, []).append(part)
    return parts


def _part(sitting: Sitting, answered: int) -> ProfilePart:
    instrument = records.instrument_for_reader(sitting)
    scores = {}
    # While time is given again, what the clock had cut off is under way, and no result.
    if sitting.finished_at is not None or sitting.invitation.state in WITH_RESULT:
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
