"""The tab *Jobs*: the overview, *Create a Job*, a job's own page, and the Connect dialog.

The dialogs are partials for htmx, and pages of their own without JavaScript.
"""

import uuid

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask import redirect as go
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.connections import search
from eqsr.connections.models import AtsJob, Connection
from eqsr.db import new_id
from eqsr.invitations.links import share_url
from eqsr.invitations.models import InvitationState
from eqsr.jobs import choosing, invited, lists, service
from eqsr.jobs.forms import JobForm, as_days, as_uuid
from eqsr.jobs.models import Job, JobKind
from eqsr.jobs.parts import service as parts
from eqsr.plain import NotYours, PlainError

# Requests after the first one that may go into counting the candidates in each stage.
MORE_COUNTS = 12

REMINDER_HOURS = 48

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
blueprint.add_app_template_filter(choosing.stage_label, "stage_label")

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("")
@recruiter
def overview():
    organisation_id = current_user.organisation_id
    page = lists.overview(organisation_id, _page_number())
    connection = search.connection_of(organisation_id)
    return render_template(
        "jobs/overview.html", page=page, connection=connection, names=_assessment_names()
    )


@blueprint.get("/new")
@recruiter
def new():
    return _new_form(JobForm(id=new_id()))


@blueprint.post("/new")
@recruiter
def create():
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
def details(job_id: uuid.UUID):
    job = _job(job_id)
    return render_template(
        "jobs/details.html",
        row=lists.row_of(job),
        page=invited.invitations(job, _page_number(), _wanted()),
        wanted=_wanted(),
        parts=parts.parts_of(job, str(get_locale())),
        states=list(InvitationState),
        names=_assessment_names(),
        share_url=share_url(job) if job.kind is JobKind.LINK else "",
    )


@blueprint.get("/<uuid:job_id>/invitations.csv")
@recruiter
def export(job_id: uuid.UUID):
    """The invitations that the list shows, as a file."""
    lines = list(invited.as_csv(_job(job_id), _wanted()))
    headers = {"Content-Disposition": 'attachment; filename="invitations.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


@blueprint.post("/<uuid:job_id>/reminders")
@recruiter
def set_reminders(job_id: uuid.UUID):
    job = _job(job_id)
    hours = REMINDER_HOURS if request.form.get("before_end") else 0
    service.set_reminders(job, as_days(request.form.get("days")), hours)
    flash(_("The reminders are set."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/close")
@recruiter
def close(job_id: uuid.UUID):
    service.close_job(_job(job_id))
    flash(_("The job is closed: nobody is invited to it any more."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/reopen")
@recruiter
def reopen(job_id: uuid.UUID):
    service.reopen_job(_job(job_id))
    flash(_("The job is reopened. Moves made while it was closed invite nobody."), "success")
    return go(url_for("jobs.details", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>/connect")
@recruiter
def connect(job_id: uuid.UUID):
    return _connect_dialog(_job(job_id))


@blueprint.get("/<uuid:job_id>/connect/jobs")
@recruiter
def found_jobs(job_id: uuid.UUID):
    job = _job(job_id)
    found = choosing.look_up(_connection(job), request.args.get("q", ""))
    return render_template("jobs/_found.html", job=job, found=found, fresh=True)


@blueprint.get("/<uuid:job_id>/connect/stages")
@recruiter
def stages(job_id: uuid.UUID):
    job = _job(job_id)
    connection = _connection(job)
    choice = choosing.stages_for(job, connection, _ats_job(connection), "")
    return render_template("jobs/_stages.html", job=job, choice=choice, fresh=True)


@blueprint.get("/<uuid:job_id>/connect/counts")
@recruiter
def counts(job_id: uuid.UUID):
    """Numbers for the stages from ``start`` on, and where the next request goes on."""
    job = _job(job_id)
    connection = _connection(job)
    ats_job = _ats_job(connection)
    start = max(0, request.args.get("start", 0, type=int))
    tries = request.args.get("tries", 0, type=int)
    known = search.stages(connection.id)
    counted = search.counts_in_stage(connection, ats_job, known[start:])
    go_on = bool(counted.rest) and not counted.failed and 0 <= tries < MORE_COUNTS
    asked = len(known) - len(counted.rest) if go_on else len(known)
    return render_template(
        "jobs/_counts.html",
        groups=choosing.by_status(known),
        shown={stage.id: counted.numbers.get(stage.id, "?") for stage in known[start:asked]},
        failed=bool(counted.rest) and not go_on,
        next_url=go_on
        and url_for("jobs.counts", job_id=job.id, ats_job=ats_job.id, start=asked, tries=tries + 1),
    )


@blueprint.post("/<uuid:job_id>/connect")
@recruiter
def do_connect(job_id: uuid.UUID):
    job = _job(job_id)
    picked = as_uuid(request.form.get("ats_job")), as_uuid(request.form.get("stage"))
    try:
        ats_job, stage = service.chosen(_connection(job), *picked)
        service.connect(job, ats_job, stage.status, stage.sub_status, current_user)
    except NotYours:
        raise
    except PlainError as error:
        return _refused(job, _(error.sentence))
    return _changed(job, _("The job is connected."))


@blueprint.get("/<uuid:job_id>/disconnect")
@recruiter
def disconnect(job_id: uuid.UUID):
    job = _job(job_id)
    link = service.active_link(job)
    if link is None:
        raise PlainError("This job is not connected any more. Reload the page.")
    return _show("disconnect", job=job, link=link)


@blueprint.post("/<uuid:job_id>/disconnect")
@recruiter
def do_disconnect(job_id: uuid.UUID):
    job = _job(job_id)
    service.disconnect(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    return _changed(job, _("The job is disconnected. Invitations that were made stay valid."))


def _connect_dialog(job: Job, problem: str = "", status: int = 200):
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        return _show("connect", job=job, connection=None), status
    text = request.values.get("q", "")
    picked = as_uuid(request.values.get("ats_job"))
    ats_job = search.job_with(connection.id, picked) if picked else None
    link = service.active_link(job)
    if ats_job is None and not text and link is not None:
        ats_job = search.job_with(connection.id, link.ats_job_id)
    found = choosing.look_up(connection, text, ats_job)
    choice = None
    if ats_job or not _by_htmx():
        choice = choosing.stages_for(job, connection, ats_job, request.values.get("stage", ""))
    facts = {"found": found, "choice": choice, "problem": problem}
    return _show("connect", job=job, connection=connection, **facts), status


def _refused(job: Job, sentence: str):
    if _by_htmx():
        return render_template("jobs/_problem.html", problem=sentence), 422
    return _connect_dialog(job, sentence, 422)


def _changed(job: Job, sentence: str):
    """Show the job as it is now, where the dialog was opened; without htmx, on its page."""
    if not _by_htmx():
        flash(sentence, "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    partial = "_row" if request.form.get("view") == "row" else "_connection"
    row = lists.row_of(_job(job.id))
    page = render_template(f"jobs/{partial}.html", row=row, names=_assessment_names(), swapped=True)
    headers = {
        "HX-Retarget": f"#job-{job.id}",
        "HX-Reswap": "outerHTML",
        "HX-Trigger-After-Swap": "closeDialog",
    }
    return page, 200, headers


def _show(name: str, **facts) -> str:
    view = "row" if request.values.get("view") == "row" else "card"
    template = f"jobs/_{name}_dialog.html" if _by_htmx() else f"jobs/{name}.html"
    return render_template(template, view=view, **facts)


def _new_form(form: JobForm) -> str:
    return render_template("jobs/new.html", form=form)


def _job(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)


def _connection(job: Job) -> Connection:
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        raise PlainError("SmartRecruiters is not connected any more. Reload the page.")
    return connection


def _ats_job(connection: Connection) -> AtsJob:
    picked = as_uuid(request.args.get("ats_job"))
    ats_job = search.job_with(connection.id, picked) if picked else None
    if ats_job is None:
        raise NotYours
    return ats_job


def _assessment_names() -> dict[str, str]:
    return parts.names_of(current_user.organisation_id)


def _wanted() -> invited.Wanted:
    args = request.args
    return invited.wanted(args.get("state", ""), args.get("q", ""), args.get("sort", ""))


def _page_number() -> int:
    # An absurd number would overflow the database's offset.
    return min(request.args.get("page", 1, type=int), 1_000_000)


def _by_htmx() -> bool:
    return "HX-Request" in request.headers
