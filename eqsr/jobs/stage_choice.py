"""What a user chose: a stage of a SmartRecruiters job, and the terms of watching it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from eqsr.connections import job_lookup
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.core.messages import UserError

# A day: a longer wait would surprise the person who moved the candidate.
MAX_GRACE_MINUTES = 24 * 60


def chosen(
    connection: Connection, ats_job_id: uuid.UUID | None, stage_id: uuid.UUID | None
) -> tuple[AtsJob, HiringStage]:
    """Return the job and stage chosen in the dialog.

    Raises UserError for one that is missing, gone from SmartRecruiters, or another connection's.
    """
    ats_job = job_lookup.job_with(connection.id, ats_job_id) if ats_job_id else None
    if ats_job is None:
        raise UserError("Choose a SmartRecruiters job first.", "ats_job")
    stage = next((one for one in job_lookup.stages(connection.id) if one.id == stage_id), None)
    if stage is None:
        raise UserError("Choose an invitation stage.", "stage")
    return ats_job, stage


@dataclass(frozen=True)
class Terms:
    """How a stage is watched.

    ``assessment``: None means the job's own. ``grace_minutes``: wait after a move, 0-1440.
    ``counts_from``: earlier moves do not count; None means from now on.
    """

    assessment: str | None = None
    grace_minutes: int = 0
    counts_from: datetime | None = None
