"""An invitation with its results, as profiles, guides and reports show it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from eqsr.core.db import db
from eqsr.extras.partner_api.models import PlatformResult
from eqsr.extras.target_ranges import service as fit
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.extras.target_ranges.overlap import Overlap, overlap
from eqsr.instruments.catalogue import Scale
from eqsr.invitations.models import Invitation
from eqsr.results.models import WriteBack
from eqsr.screens.profile.scale_results import ProfilePart
from eqsr.screens.profile.scored_parts import parts_of
from eqsr.sittings.missing import ended_sentence, missing_of


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
    # How the clock ended it, and a sentence for each part that is missing.
    ended: str = ""
    missing: Sequence[str] = ()

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


def blocks_of(invitations: Sequence[Invitation]) -> list[Block]:
    """The invitations with their results, in the order given."""
    ids = [invitation.id for invitation in invitations]
    parts = parts_of(ids)
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
            ended=ended_sentence(one),
            missing=missing_of(one),
        )
        for one in invitations
    ]


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
