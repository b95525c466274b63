"""The tab *Jobs*: the overview, *Create a Job*, and a job's own page."""

import uuid
from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, get_locale
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import job_lookup
from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.messages import UserError
from eqsr.invitations.links import share_url
from eqsr.jobs import email_settings, service
from eqsr.jobs.models import Job, JobKind
from eqsr.organisations.service import LANGUAGES
from eqsr.screens.jobs import dialog_options, invitation_list, list_options, score_order
from eqsr.screens.jobs import overview as jobs
from eqsr.screens.jobs.assessment_choice import service as parts
from eqsr.screens.jobs.forms import JobForm, as_days, as_uuid
from eqsr.screens.jobs.pages import assessment_names, progress_of
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

REMINDER_HOURS = 48

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
blueprint.add_app_template_filter(dialog_options.stage_label, "stage_label")


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
    organisation_id, args = current_user.organisation_id, request.args
    wish = jobs.overview_filter(args.get("q", ""), args.get("show", ""), args.get("order", ""))
    page = jobs.overview(current_user, _page_number(), wish)
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
    return _new_form(JobForm(id=new_id()))


@blueprint.post("/new")
@recruiter
def create() -> ResponseReturnValue:
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


@blueprint.get("/<uuid:job_id>")
@recruiter
def details(job_id: uuid.UUID) -> ResponseReturnValue:
    return _details(_job(job_id))


def _details(job: Job, typed: dict | None = None) -> str:
    """``typed``: what can't be used of the reminders' form, as templates/jobs/_reminders.html
    shows it again."""
    wish, language = _wanted(), str(get_locale())
    row = jobs.row_of(job)
    order = score_order.chosen(job, request.args.get("sort", ""), language)
    page = invitation_list.invitations(job, _page_number(), wish, order)
    scores = score_order.scores([one.id for one in page.items], order) if order else {}
    return render_template(
        "jobs/details.html",
        row=row,
        progress=progress_of(job),
        page=page,
        wanted=wish,
        order=order,
        scores=scores,
        steps=score_order.steps([scores[one.id] for one in page.items]) if order else (),
        apart=invitation_list.apart(job, wish, order) if order else (),
        parts=parts.parts_of(job, str(get_locale())),
        parts_stay=parts.has_invitations(job),
        states=list_options.states(),
        sorts=list_options.sorts(
            score_order.orders(job, language) if row.numbers.completed else ()
        ),
        names=assessment_names(),
        language=LANGUAGES[job.language or job.organisation.language],
        share_url=share_url(job) if job.kind is JobKind.LINK else "",
        typed=typed or {},
    )


@blueprint.get("/<uuid:job_id>/invitations.csv")
@recruiter
def export(job_id: uuid.UUID) -> ResponseReturnValue:
    """The invitations that the list shows, as a file."""
    lines = list(invitation_list.as_csv(_job(job_id), _wanted()))
    headers = {"Content-Disposition": 'attachment; filename="invitations.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


@blueprint.post("/<uuid:job_id>/reminders")
@recruiter
def set_reminders(job_id: uuid.UUID) -> ResponseReturnValue:
    job, days = _job(job_id), request.form.get("days", "")[:100]
    hours = REMINDER_HOURS if request.form.get("before_end") else 0
    try:
        email_settings.set_reminders(job, as_days(days), hours)
    except UserError as error:
        typed = {"days": days, "hours": hours, "errors": [_(error.sentence)]}
        return _details(job, typed), 422
    flash(_("The reminders are set."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/close")
@recruiter
def close(job_id: uuid.UUID) -> ResponseReturnValue:
    service.close_job(_job(job_id))
    flash(_("The job is closed: nobody is invited to it any more."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/reopen")
@recruiter
def reopen(job_id: uuid.UUID) -> ResponseReturnValue:
    service.reopen_job(_job(job_id))
    flash(_("The job is reopened. Moves made while it was closed invite nobody."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


def _new_form(form: JobForm) -> str:
    return render_template("jobs/new.html", form=form)


def _job(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)


def _wanted() -> invitation_list.InvitationFilter:
    args = request.args
    return invitation_list.wanted(args.get("state", ""), args.get("q", ""), args.get("sort", ""))


def _page_number() -> int:
    # An absurd number would overflow the database's offset.
    return min(request.args.get("page", 1, type=int), 1_000_000)
