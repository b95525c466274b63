"""Evaluate the moves made while a SmartRecruiters job took nobody, once it goes on."""

import uuid

from eqsr.core.db import transaction
from eqsr.jobs import stopped_stages
from eqsr.reconciling.service import begin_stage


def sweep_resumed() -> int:
    """Begin a thorough sweep of each stage whose job goes on; return how many."""
    return sum(_sweep(link_id) for link_id in stopped_stages.resumed())


def _sweep(link_id: uuid.UUID) -> bool:
    with transaction():
        link = stopped_stages.note_resumed(link_id)
        if link is None:
            return False
        begin_stage(link)
        return True
