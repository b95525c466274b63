"""Forms on a job's page that change who is on its team."""

import uuid

from flask import flash, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.core.messages import UserError
from eqsr.teams import job_teams, visibility
from eqsr.teams.pages import blueprint
from eqsr.web.access import member
from eqsr.web.requests import client_address

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.post("/jobs/<uuid:job_id>/team")
@recruiter
def add_to_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """Add a reviewer to a job's team."""
    try:
        user_id = uuid.UUID(request.form.get("user", ""))
    except ValueError:
        raise UserError("Choose whom to add to the team.") from None
    user = job_teams.add(current_user, job_id, user_id, client_address())
    flash(_("%(name)s is on the team of this job.", name=user.display_name), "success")
    return go(url_for("jobs.details", job_id=job_id, _anchor="team"), 303)


@blueprint.post("/jobs/<uuid:job_id>/team/<uuid:user_id>/remove")
@recruiter
def remove_from_job(job_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """Take a reviewer off a job's team. Reviewers who remove themselves leave its page."""
    user = job_teams.remove(current_user, job_id, user_id, client_address())
    flash(_("%(name)s is off the team of this job.", name=user.display_name), "success")
    if not visibility.sees_job(current_user, job_id):
        return go(url_for("jobs.overview"), 303)
    return go(url_for("jobs.details", job_id=job_id, _anchor="team"), 303)
