"""What several pages of the Jobs tab share: their blueprint, and what they read and show."""

import uuid

from flask import Blueprint, request
from flask_login import current_user

from eqsr.instruments.catalogue import assessments
from eqsr.instruments.naming import assessment_name
from eqsr.jobs import service
from eqsr.jobs.models import Job
from eqsr.screens.jobs import backfill_progress
from eqsr.screens.jobs.assessment_choice import service as parts

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


def assessment_names() -> dict[str, str]:
    """Names of the assessments that are ready-made or in use, by their ids."""
    ready_made = {assessment.id: assessment_name(assessment.id) for assessment in assessments()}
    return ready_made | parts.names_of(current_user.organisation_id)


def progress_of(job: Job) -> dict[uuid.UUID, backfill_progress.BackfillProgress]:
    """Backfill progress by stage link, where there is any."""
    found = {link.id: backfill_progress.progress(link) for link in job.active_links}
    return {link_id: progress for link_id, progress in found.items() if progress}


def job_named(job_id: uuid.UUID) -> Job:
    """The user's job. Raises NotFoundError."""
    return service.job_of(current_user.organisation_id, job_id)


def page_number() -> int:
    """The page of a list that the address names, counted from 1."""
    # An absurd number would overflow the database's offset.
    return min(request.args.get("page", 1, type=int), 1_000_000)
