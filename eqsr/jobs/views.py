"""The tab *Jobs*: the overview, *Create a Job*, and a job's own page."""

import uuid

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.assessments.catalogue import assessments
from eqsr.connections import search
from eqsr.db import new_id
from eqsr.invitations.links import share_url
from eqsr.jobs import connecting, lists, service
from eqsr.jobs.forms import JobForm, as_uuid
from eqsr.jobs.models import JobKind
from eqsr.jobs.pages import assessment_names, blueprint, job_or_404


@blueprint.get("")
@member(Role.ADMIN, Role.REVIEWER)
def overview():
    organisation_id = current_user.organisation_id
    page = lists.overview(organisation_id, _page_number())
    connected = search.connection_of(organisation_id) is not None
    return render_template(
        "jobs/overview.html", page=page, connected=connected, names=assessment_names()
    )


@blueprint.get("/new")
@member(Role.ADMIN, Role.REVIEWER)
def new():
    return _new_form(JobForm(id=new_id()))


@blueprint.post("/new")
@member(Role.ADMIN, Role.REVIEWER)
def create():
    form = JobForm()
    if not form.validate_on_submit():
        return _new_form(form), 422
    job = service.create_job(
        current_user.organisation_id,
        form.title.data,
        JobKind(form.kind.data),
        form.assessment.data,
        current_user,
        as_uuid(form.id.data),
    )
    if job.kind is JobKind.LINK:
        flash(_("The job is open. Share its link with candidates."), "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    flash(_("The job was created. Connect it to SmartRecruiters next."), "success")
    return go(url_for("jobs.overview"), 303)


@blueprint.get("/<uuid:job_id>")
@member(Role.ADMIN, Role.REVIEWER)
def details(job_id: uuid.UUID):
    job = job_or_404(job_id)
    return render_template(
        "jobs/details.html",
        row=lists.row_of(job),
        page=lists.invitations(job, _page_number()),
        names=assessment_names(),
        share_url=share_url(job) if job.kind is JobKind.LINK else "",
    )


@blueprint.post("/<uuid:job_id>/close")
@member(Role.ADMIN, Role.REVIEWER)
def close(job_id: uuid.UUID):
    service.close_job(job_or_404(job_id))
    flash(_("The job is closed: nobody is invited to it any more."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/reopen")
@member(Role.ADMIN, Role.REVIEWER)
def reopen(job_id: uuid.UUID):
    service.reopen_job(job_or_404(job_id))
    flash(_("The job is reopened. Moves made while it was closed invite nobody."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


def _new_form(form: JobForm) -> str:
    return render_template("jobs/new.html", form=form, assessments=assessments())


def _page_number() -> int:
    # An absurd number would overflow the database's offset.
    return min(request.args.get("page", 1, type=int), 1_000_000)


__all__ = ["blueprint", "connecting"]
