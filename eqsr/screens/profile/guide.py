"""The interview guide: the same questions for every candidate of a job, rated by behaviour."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from eqsr.extras.target_ranges import choices as target_ranges
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.instruments.catalogue import Instrument, InterviewQuestion, Scale
from eqsr.screens.profile.blocks import Block
from eqsr.screens.profile.profile import Profile

RATINGS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Topic:
    """One scale with its interview questions.

    ``questions`` are asked of every candidate. ``further`` are the questions for the band of this
    person's score; empty when the score can't be interpreted or has no norm.
    """

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    questions: Sequence[InterviewQuestion]
    further: Sequence[str]

    @property
    def looks_for(self) -> str:
        """What good answers show; all questions of a scale share it."""
        return self.questions[0].looks_for


@dataclass(frozen=True)
class Guide:
    """The guide for one invitation.

    ``marked``: the job has target ranges, and ``topics`` holds only the scales that have one.
    """

    block: Block
    topics: Sequence[Topic]
    marked: bool


def guide(profile: Profile, invitation_id: uuid.UUID | None = None) -> Guide | None:
    """The guide for ``invitation_id``, or else for the latest invitation with a result.

    None when there is no result.
    """
    blocks = [block for block in profile.blocks if block.finished]
    if invitation_id is not None:
        blocks = [block for block in blocks if block.invitation.id == invitation_id]
    if not blocks:
        return None
    block = blocks[0]
    sought = target_ranges.ranges_of(block.invitation.job_id)
    topics = [
        Topic(
            instrument=part.instrument,
            scale=found.scale,
            sought=sought.get((part.instrument.id, found.scale.id)),
            questions=[one for one in part.instrument.interview if one.scale == found.scale.id],
            further=found.here.interview if found.here else (),
        )
        for part in block.parts
        for found in part.scales
    ]
    marked = [topic for topic in topics if topic.sought]
    return Guide(block, marked or topics, bool(marked))
