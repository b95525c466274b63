"""Stages as people read them."""

from itertools import groupby

from eqsr.connections.models import HiringStage
from eqsr.jobs.models import StageLink
from eqsr.smartrecruiters.types.stages import Stage


def by_status(stages: list[HiringStage]) -> list[tuple[str, list[HiringStage]]]:
    """Stages grouped by the label of their status, in order."""
    grouped = groupby(stages, lambda stage: stage.status)
    return [(Stage(status).label, list(members)) for status, members in grouped]


def stage_label(place: StageLink | HiringStage) -> str:
    """A stage for people, such as ``In review: Phone screen``."""
    return Stage(place.status, place.sub_status or None).label
