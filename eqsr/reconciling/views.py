"""The buttons that start a comparison with SmartRecruiters."""

import uuid

from flask import Blueprint, abort, flash, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import service as connections
from eqsr.core.extensions import limiter
from eqsr.jobs import service as jobs
from eqsr.reconciling import service
from eqsr.screens.connection import overview as overviews
from eqsr.web.access import member

blueprint = Blueprint("reconciling", __name__)


@blueprint.post("/connection/compare")
@member(Role.ADMIN)
@limiter.limit("5 per minute")
def compare() -> ResponseReturnValue:
    """Sweep the connected stages, the callbacks log and the results, and read the mirror again."""
    connection = connections.of(current_user.organisation_id)
    if connection is None:
        abort(404)
    if overviews.works(connection):
        connections.request_everything(connection.id)
    if service.begin(connection.id, thorough=True):
        flash(_("SmartRecruiters is being compared with what we know."), "success")
    else:
        flash(_("A comparison is going on already, or the connection does not work."), "info")
    return go(url_for("connections.page"))


@blueprint.post("/jobs/<uuid:job_id>/compare")
@member(Role.ADMIN, Role.REVIEWER)
@limiter.limit("5 per minute")
def compare_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """Sweep the stages that the job watches, and read stages and jobs again."""
    job = jobs.job_of(current_user.organisation_id, job_id)
    if service.begin_job(job):
        flash(_("SmartRecruiters is being compared with what we know of this job."), "success")
    else:
        flash(_("A comparison is going on already, or the connection does not work."), "info")
    return go(url_for("jobs.details", job_id=job.id), 303)
