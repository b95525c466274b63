"""Data that several pages of the Jobs tab show."""

import uuid

from flask_login import current_user

from eqsr.instruments.catalogue import assessments
from eqsr.instruments.naming import assessment_name
from eqsr.jobs.models import Job
from eqsr.screens.jobs import backfill
from eqsr.screens.jobs.assessment_choice import service as parts


def assessment_names() -> dict[str, str]:
    """Names of the assessments that are ready-made or in use, by their ids."""
    ready_made = {assessment.id: assessment_name(assessment.id) for assessment in assessments()}
    return ready_made | parts.names_of(current_user.organisation_id)


def progress_of(job: Job) -> dict[uuid.UUID, backfill.BackfillProgress]:
    """Backfill progress by stage link, where there is any."""
    found = {link.id: backfill.progress(link) for link in job.active_links}
    return {link_id: progress for link_id, progress in found.items() if progress}
