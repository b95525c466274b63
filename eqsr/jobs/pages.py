"""What all pages of jobs share."""

import uuid

from flask import Blueprint
from flask_login import current_user

from eqsr.assessments.catalogue import assessments
from eqsr.jobs import service
from eqsr.jobs.models import Job

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


def job_or_404(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)


def assessment_names() -> dict[str, str]:
    return {assessment.id: assessment.name for assessment in assessments()}
