"""The page on which a recruiter changes what a job's candidates take."""

import uuid

from flask import Blueprint, flash, render_template, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job
from eqsr.screens.jobs.assessment_choice import service
from eqsr.screens.jobs.assessment_choice.forms import AssessmentForm
from eqsr.web.access import member

blueprint = Blueprint("parts", __name__, url_prefix="/jobs/<uuid:job_id>/assessment")

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("")
@recruiter
def choose(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form, with what the job's candidates take now."""
    job = _job(job_id)
    return _page(job, AssessmentForm(chosen=job.assessment))


@blueprint.post("")
@recruiter
def change(job_id: uuid.UUID) -> ResponseReturnValue:
    """Save the choice, or show the form again, reordered or with its errors."""
    job = _job(job_id)
    form = AssessmentForm()
    if form.moves:
        return _page(job, form)
    if not form.validate_on_submit():
        return _page(job, form), 422
    service.change(job, form.assessment_id)
    flash(_("The change is saved: this is what candidates of the job take."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


def _page(job: Job, form: AssessmentForm) -> str:
    invited = service.has_invitations(job)
    return render_template("jobs/assessment.html", job=job, form=form, invited=invited)


def _job(job_id: uuid.UUID) -> Job:
    return jobs.job_of(current_user.organisation_id, job_id)
