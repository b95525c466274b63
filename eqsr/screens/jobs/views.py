"""The tab *Jobs*: the overview and *Create a Job*."""

from datetime import datetime, timedelta

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import job_lookup
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.jobs import service
from eqsr.jobs.models import JobKind
from eqsr.screens.jobs import list_options, overview_filter, stage_labels
from eqsr.screens.jobs import overview as jobs
from eqsr.screens.jobs.forms import JobForm, as_uuid
from eqsr.screens.jobs.pages import assessment_names, blueprint, page_number
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

blueprint.add_app_template_filter(stage_labels.stage_label, "stage_label")


@blueprint.app_template_filter()
def ago(moment: datetime) -> str:
    """``3 hours ago``, in the reader's language."""
    passed = now() - moment
    if passed < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(-passed, add_direction=True)


recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("")
@recruiter
def overview() -> ResponseReturnValue:
    """Show one page of the jobs, or only its list for htmx."""
    organisation_id, args = current_user.organisation_id, request.args
    wish = overview_filter.overview_filter(
        args.get("q", ""), args.get("show", ""), args.get("order", "")
    )
    page = jobs.overview(current_user, page_number(), wish)
    facts = {"page": page, "wish": wish, "names": assessment_names()}
    if is_htmx():
        # The same address gives a page or its part: the back button must not show the part.
        return render_template("jobs/_list.html", **facts), 200, {"Vary": "HX-Request"}
    connection = job_lookup.connection_of(organisation_id)
    facts |= {"connection": connection, "shows": list_options.shows()}
    facts |= {"orders": list_options.orders()}
    return render_template("jobs/overview.html", **facts), 200, {"Vary": "HX-Request"}


@blueprint.get("/new")
@recruiter
def new() -> ResponseReturnValue:
    """Show the form for a new job."""
    return _new_form(JobForm(id=new_id()))


@blueprint.post("/new")
@recruiter
def create() -> ResponseReturnValue:
    """Create the job, or show the form again, reordered or with its errors."""
    form = JobForm()
    if form.moves:
        return _new_form(form)
    if not form.validate_on_submit():
        return _new_form(form), 422
    job = service.create_job(
        current_user.organisation_id,
        form.title.data,
        JobKind(form.kind.data),
        form.assessment_id,
        current_user,
        as_uuid(form.id.data),
    )
    if job.kind is JobKind.LINK:
        flash(_("The job is open. Share its link with candidates."), "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    flash(_("The job was created. Connect it to SmartRecruiters next."), "success")
    return go(url_for("jobs.overview"), 303)


def _new_form(form: JobForm) -> str:
    return render_template("jobs/new.html", form=form)
