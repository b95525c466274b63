"""The report to download, and whether it is attached in SmartRecruiters."""

import io
import uuid

from flask import Blueprint, flash, request, send_file, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.extras.reports import service
from eqsr.invitations import candidate_refresh
from eqsr.jobs import service as jobs
from eqsr.screens.profile import profile as candidates
from eqsr.web.access import member
from eqsr.web.requests import client_address

blueprint = Blueprint("reports", __name__)

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/candidates/<uuid:candidate_id>/report.pdf")
@recruiter
def download(candidate_id: uuid.UUID) -> ResponseReturnValue:
    profile = candidates.profile(candidate_id, current_user)
    candidate_refresh.request(profile.candidate)
    report = service.of_profile(profile, current_user.organisation.name)
    address = client_address()
    organisation_id = current_user.organisation_id
    activity.audit(
        AuditAction.REPORT_DOWNLOADED, organisation_id, current_user.id, candidate_id, address
    )
    answer = send_file(
        io.BytesIO(report.pdf),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=report.name,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/jobs/<uuid:job_id>/report")
@recruiter
def switch(job_id: uuid.UUID) -> ResponseReturnValue:
    job = jobs.job_of(current_user.organisation_id, job_id)
    on = bool(request.form.get("attach"))
    service.switch(job, on, current_user)
    flash(
        _("Reports are attached in SmartRecruiters from the next result on.")
        if on
        else _("Reports are no longer attached. Those that are there stay."),
        "success",
    )
    return go(url_for("jobs.details", job_id=job_id), 303)
