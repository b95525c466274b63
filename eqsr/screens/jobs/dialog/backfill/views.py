"""The backfill's progress on the job's page, and the button that stops it."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.jobs import service
from eqsr.screens.jobs import backfill, backfill_progress
from eqsr.screens.jobs.dialog.forms import link_named
from eqsr.screens.jobs.dialog.pages import blueprint
from eqsr.screens.jobs.forms import as_uuid
from eqsr.screens.jobs.pages import job_named
from eqsr.web.access import member
from eqsr.web.parts import part_of

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/progress")
@recruiter
@part_of("jobs.details")
def progress(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the progress of the backfill (htmx)."""
    job = job_named(job_id)
    link = link_named(job) or service.active_link(job)
    facts = {"link": link, "progress": link and backfill_progress.progress(link)}
    return render_template("jobs/_progress.html", job=job, **facts)


@blueprint.post("/<uuid:job_id>/progress/stop")
@recruiter
def stop(job_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the backfill."""
    job = job_named(job_id)
    backfill.stop(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    flash(_("Nobody else of those who were there is invited."), "success")
    return go(url_for("jobs.details", job_id=job.id), 303)
