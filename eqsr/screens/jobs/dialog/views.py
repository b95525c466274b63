"""The Connect dialog: find a SmartRecruiters job, choose a stage, foresee whom that invites.

The dialogs are partials for htmx, and pages of their own without JavaScript.
"""

import uuid
from dataclasses import replace

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import refresh as refreshing
from eqsr.connections import search
from eqsr.connections.counts import counts_in_stage
from eqsr.connections.models import Connection
from eqsr.core.messages import NotFoundError, UserError
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs import backfill, dialog_options, overview
from eqsr.screens.jobs.dialog.forms import chosen_job, days_of, picked_job, terms
from eqsr.screens.jobs.dialog.wording import other_assessments, what_now
from eqsr.screens.jobs.forms import as_uuid
from eqsr.screens.jobs.pages import assessment_names, progress_of
from eqsr.teams import visibility
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

# Requests after the first one that may go into counting candidates.
MORE_COUNTS = 12
# Those of the dialog that have a place for what is wrong with them.
FIELDS = ("ats_job", "stage", "present", "assessment", "grace")

blueprint = Blueprint("dialog", __name__, url_prefix="/jobs")
recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/connect")
@recruiter
def connect(job_id: uuid.UUID) -> ResponseReturnValue:
    return _connect_dialog(_job(job_id))


@blueprint.get("/<uuid:job_id>/connect/jobs")
@recruiter
def found_jobs(job_id: uuid.UUID) -> ResponseReturnValue:
    """What a search finds, and the job that is chosen, whatever is looked for since."""
    job = _job(job_id)
    connection = _connection(job)
    found = dialog_options.look_up(connection, request.args.get("q", ""))
    found = replace(found, chosen=picked_job(connection))
    return render_template("jobs/_found.html", job=job, found=found)


@blueprint.post("/<uuid:job_id>/connect/refresh")
@recruiter
def refresh(job_id: uuid.UUID) -> ResponseReturnValue:
    """Read jobs and stages again; lists that show others then ask for themselves anew."""
    job = _job(job_id)
    reading = refreshing.refresh_for_page(_connection(job))
    if not is_htmx():
        return _connect_dialog(job, reading=reading)
    headers = {"HX-Trigger": "mirrorChanged"} if reading.changed else {}
    return render_template("jobs/_freshness.html", reading=reading), 200, headers


@blueprint.get("/<uuid:job_id>/connect/stages")
@recruiter
def stages(job_id: uuid.UUID) -> ResponseReturnValue:
    """The stages of the job that is chosen. Asked ``again`` because others are known by now:
    nothing while none is chosen."""
    job = _job(job_id)
    connection = _connection(job)
    if request.args.get("again") and picked_job(connection) is None:
        return ""
    facts = (request.args.get("stage", ""), _link(job), days_of(request.args))
    choice = dialog_options.stages_for(job, connection, chosen_job(connection), *facts)
    whom = request.args.get("present", "")
    facts = {"choice": choice, "seen_jobs": _seen_jobs(), "whom": whom}
    return render_template("jobs/_stages.html", job=job, **facts)


@blueprint.get("/<uuid:job_id>/connect/counts")
@recruiter
def counts(job_id: uuid.UUID) -> ResponseReturnValue:
    """Numbers for the stages from ``start`` on, and where the next request goes on."""
    job = _job(job_id)
    connection = _connection(job)
    ats_job = chosen_job(connection)
    start = max(0, request.args.get("start", 0, type=int))
    tries = request.args.get("tries", 0, type=int)
    known = search.stages(connection.id)
    counted = counts_in_stage(connection, ats_job, known[start:])
    go_on = bool(counted.rest) and not counted.failed and 0 <= tries < MORE_COUNTS
    asked = len(known) - len(counted.rest) if go_on else len(known)
    facts = {"ats_job": ats_job.id, "start": asked, "tries": tries + 1}
    return render_template(
        "jobs/_counts.html",
        groups=dialog_options.by_status(known),
        shown={stage.id: counted.numbers.get(stage.id, "?") for stage in known[start:asked]},
        failed=bool(counted.rest) and not go_on,
        next_url=go_on and url_for("dialog.counts", job_id=job.id, **facts),
    )


@blueprint.get("/<uuid:job_id>/connect/present")
@recruiter
def those_there(job_id: uuid.UUID) -> ResponseReturnValue:
    """Who is in the chosen stage now, and what is to become of them."""
    job = _job(job_id)
    connection = _connection(job)
    ats_job = chosen_job(connection)
    stage_id, tries = request.args.get("stage", ""), request.args.get("tries", 0, type=int)
    known = search.stages(connection.id)
    stage = next((one for one in known if str(one.id) == stage_id), None)
    days = days_of(request.args)
    foresight = stage and dialog_options.preview(job, connection, ats_job, stage, _link(job), days)
    # Who was picked of another stage's people is not picked of this one's.
    seen = foresight and dialog_options.same_stage(request.args.get("foreseen", ""), foresight.key)
    whom = request.args.get("present", "") if seen else ""
    again = tries + 1 if 0 <= tries < MORE_COUNTS else 0
    facts = {"foresight": foresight, "whom": whom, "tries": again}
    return render_template("jobs/_present.html", job=job, seen_jobs=_seen_jobs(), **facts)


@blueprint.post("/<uuid:job_id>/connect")
@recruiter
def do_connect(job_id: uuid.UUID) -> ResponseReturnValue:
    job = _job(job_id)
    form = request.form
    picked = as_uuid(form.get("ats_job")), as_uuid(form.get("stage"))
    try:
        connection = _connection(job)
        ats_job, stage = service.chosen(connection, *picked)
        wish = backfill.choice(form.get("present", ""), form.get("days", ""))
        _require_foresight(wish, dialog_options.preview_key(ats_job, stage, wish.days))
        old = _link(job)
        link = backfill.connect(job, ats_job, stage, current_user, terms(form), wish, old)
    except NotFoundError:
        raise
    except UserError as error:
        return _refused(job, _(error.sentence), error.field)
    begun = _("The change is saved.") if old else _("The job is connected.")
    return _changed(job, f"{begun} {what_now(link, wish, connection)}")


@blueprint.get("/<uuid:job_id>/disconnect")
@recruiter
def disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    job = _job(job_id)
    link = _link(job) or service.active_link(job)
    if link is None or link.ended_at is not None:
        raise UserError("This job is not connected any more. Reload the page.")
    return _show("disconnect", job=job, link=link)


@blueprint.post("/<uuid:job_id>/disconnect")
@recruiter
def do_disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    job = _job(job_id)
    service.disconnect(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    return _changed(job, _("The stage is disconnected. Invitations that were made stay valid."))


@blueprint.get("/<uuid:job_id>/progress")
@recruiter
def progress(job_id: uuid.UUID) -> ResponseReturnValue:
    """How far inviting those who were there already is (htmx)."""
    job = _job(job_id)
    link = _link(job) or service.active_link(job)
    facts = {"link": link, "progress": link and backfill.progress(link)}
    return render_template("jobs/_progress.html", job=job, **facts)


@blueprint.post("/<uuid:job_id>/progress/stop")
@recruiter
def stop(job_id: uuid.UUID) -> ResponseReturnValue:
    """Invite nobody else of those who were there."""
    job = _job(job_id)
    backfill.stop(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    flash(_("Nobody else of those who were there is invited."), "success")
    return go(url_for("jobs.details", job_id=job.id), 303)


def _connect_dialog(
    job: Job,
    problem: str = "",
    status: int = 200,
    field: str = "",
    reading: refreshing.RefreshResult | None = None,
) -> ResponseReturnValue:
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        return _show("connect", job=job, connection=None), status
    if reading is None and request.method == "GET" and not is_htmx():
        # Without scripts nothing else reads again; with them, what follows finds it just read.
        reading = refreshing.refresh_for_page(connection)
    values, link = request.values, _link(job)
    text, ats_job = values.get("q", ""), picked_job(connection)
    started_from = link or service.active_link(job)
    if ats_job is None and not text and started_from is not None:
        ats_job = search.job_with(connection.id, started_from.ats_job_id)
    found = dialog_options.look_up(connection, text, ats_job)
    choice = None
    if ats_job or not is_htmx():
        facts = (values.get("stage", ""), link, days_of(values))
        choice = dialog_options.stages_for(job, connection, ats_job, *facts)
    whom = values.get("present", "")
    facts = {"found": found, "choice": choice, "whom": whom, "link": link, "reading": reading}
    facts |= {"problem": problem, "field": field if field in FIELDS else ""}
    return _show("connect", job=job, connection=connection, **facts, **_terms(job, link)), status


def _terms(job: Job, link: StageLink | None) -> dict:
    """What the dialog says of the chosen stage: as typed, or as it is now."""
    typed = request.form
    assessment = typed.get("assessment", (link and link.assessment) or "")
    grace = typed.get("grace", str(link.grace_minutes) if link else "0")
    return {"assessment": assessment, "grace": grace, "others": other_assessments(job)}


def _require_foresight(wish: backfill.Backfill, key: str) -> None:
    """Nobody is mailed before it was shown how many that are, of this very stage and, where only
    those who came lately are wanted, of these very days."""
    foreseen = request.form.get("foreseen", "")
    shown = (
        dialog_options.same_stage(foreseen, key)
        if wish.whom is backfill.BackfillScope.ALL
        else foreseen == key
    )
    if wish.whom is not backfill.BackfillScope.NONE and not shown:
        raise UserError("See how many people this invites, then press Connect again.", "present")


def _refused(job: Job, sentence: str, field: str = "") -> ResponseReturnValue:
    """Say it at its field, or above all where it is about none."""
    if not is_htmx():
        return _connect_dialog(job, sentence, 422, field)
    headers = {"HX-Retarget": f"#problem-{field}"} if field in FIELDS else {}
    return render_template("jobs/_problem.html", problem=sentence), 422, headers


def _changed(job: Job, sentence: str) -> ResponseReturnValue:
    """Show the job as it is now, where the dialog was opened; without htmx, on its page."""
    if not is_htmx():
        flash(sentence, "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    partial = "_row" if request.form.get("view") == "row" else "_connection"
    job = _job(job.id)
    facts = {"row": overview.row_of(job), "names": assessment_names(), "progress": progress_of(job)}
    page = render_template(f"jobs/{partial}.html", **facts, swapped=True)
    page += render_template("components/flashes.html", messages=[("success", sentence)])
    headers = {
        "HX-Retarget": f"#job-{job.id}",
        "HX-Reswap": "outerHTML",
        "HX-Trigger-After-Swap": "closeDialog",
    }
    return page, 200, headers


def _show(name: str, **facts) -> str:
    view = "row" if request.values.get("view") == "row" else "card"
    template = f"jobs/_{name}_dialog.html" if is_htmx() else f"jobs/{name}.html"
    facts |= {"names": assessment_names(), "seen_jobs": _seen_jobs()}
    return render_template(template, view=view, **facts)


def _seen_jobs() -> set[uuid.UUID]:
    """Those whose titles the user may read, also where other teams' jobs are warned of."""
    return visibility.visible_job_ids(current_user)


def _job(job_id: uuid.UUID) -> Job:
    return service.job_of(current_user.organisation_id, job_id)


def _link(job: Job) -> StageLink | None:
    """The connection that is being changed or ended, if one is named."""
    named = request.values.get("link")
    return service.link_of(job, as_uuid(named)) if named else None


def _connection(job: Job) -> Connection:
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        raise UserError("SmartRecruiters is not connected any more. Reload the page.")
    return connection
