"""The Connect dialog: find a SmartRecruiters job, choose a stage, preview who would be invited.

The dialogs are partials for htmx and full pages without JavaScript.
"""

import uuid
from dataclasses import replace

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.accounts.models import Role
from eqsr.connections import job_lookup
from eqsr.connections import refresh as refreshing
from eqsr.connections.counts import counts_in_stage
from eqsr.core.messages import NotFoundError, UserError
from eqsr.jobs import service
from eqsr.screens.jobs import backfill, dialog_options
from eqsr.screens.jobs.dialog.forms import chosen_job, days_of, picked_job, terms
from eqsr.screens.jobs.dialog.pages import (
    changed,
    connect_dialog,
    job_named,
    link_named,
    refused,
    seen_job_ids,
    show_dialog,
    working_connection,
)
from eqsr.screens.jobs.dialog.wording import what_now
from eqsr.screens.jobs.forms import as_uuid
from eqsr.web.access import member
from eqsr.web.requests import is_htmx

# Follow-up requests that may count more candidates.
MORE_COUNTS = 12

blueprint = Blueprint("dialog", __name__, url_prefix="/jobs")
recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/connect")
@recruiter
def connect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the dialog."""
    return connect_dialog(job_named(job_id))


@blueprint.get("/<uuid:job_id>/connect/jobs")
@recruiter
def found_jobs(job_id: uuid.UUID) -> ResponseReturnValue:
    """List the jobs that a search finds, with the chosen job always among them."""
    job = job_named(job_id)
    connection = working_connection(job)
    found = dialog_options.look_up(connection, request.args.get("q", ""))
    found = replace(found, chosen=picked_job(connection))
    return render_template("jobs/_found.html", job=job, found=found)


@blueprint.post("/<uuid:job_id>/connect/refresh")
@recruiter
def refresh(job_id: uuid.UUID) -> ResponseReturnValue:
    """Read jobs and stages from SmartRecruiters; a change makes the open lists reload."""
    job = job_named(job_id)
    reading = refreshing.refresh_for_page(working_connection(job))
    if not is_htmx():
        return connect_dialog(job, reading=reading)
    headers = {"HX-Trigger": "mirrorChanged"} if reading.changed else {}
    return render_template("jobs/_freshness.html", reading=reading), 200, headers


@blueprint.get("/<uuid:job_id>/connect/stages")
@recruiter
def stages(job_id: uuid.UUID) -> ResponseReturnValue:
    """List the stages of the chosen job. A reload (``again``) without a chosen job is empty."""
    job = job_named(job_id)
    connection = working_connection(job)
    if request.args.get("again") and picked_job(connection) is None:
        return ""
    choice = dialog_options.stages_for(
        job,
        connection,
        chosen_job(connection),
        request.args.get("stage", ""),
        link_named(job),
        days_of(request.args),
    )
    return render_template(
        "jobs/_stages.html",
        job=job,
        choice=choice,
        seen_jobs=seen_job_ids(),
        whom=request.args.get("present", ""),
    )


@blueprint.get("/<uuid:job_id>/connect/counts")
@recruiter
def counts(job_id: uuid.UUID) -> ResponseReturnValue:
    """Count candidates per stage from stage ``start`` on, and link to the next request."""
    job = job_named(job_id)
    connection = working_connection(job)
    ats_job = chosen_job(connection)
    start = max(0, request.args.get("start", 0, type=int))
    tries = request.args.get("tries", 0, type=int)
    known = job_lookup.stages(connection.id)
    counted = counts_in_stage(connection, ats_job, known[start:])
    go_on = bool(counted.rest) and not counted.failed and 0 <= tries < MORE_COUNTS
    asked = len(known) - len(counted.rest) if go_on else len(known)
    next_url = url_for(
        "dialog.counts", job_id=job.id, ats_job=ats_job.id, start=asked, tries=tries + 1
    )
    return render_template(
        "jobs/_counts.html",
        groups=dialog_options.by_status(known),
        shown={stage.id: counted.numbers.get(stage.id, "?") for stage in known[start:asked]},
        failed=bool(counted.rest) and not go_on,
        next_url=next_url if go_on else "",
    )


@blueprint.get("/<uuid:job_id>/connect/present")
@recruiter
def those_there(job_id: uuid.UUID) -> ResponseReturnValue:
    """Preview who is in the chosen stage, and offer the backfill."""
    job = job_named(job_id)
    connection = working_connection(job)
    ats_job = chosen_job(connection)
    stage_id, tries = request.args.get("stage", ""), request.args.get("tries", 0, type=int)
    known = job_lookup.stages(connection.id)
    stage = next((one for one in known if str(one.id) == stage_id), None)
    days = days_of(request.args)
    foresight = stage and dialog_options.preview(
        job, connection, ats_job, stage, link_named(job), days
    )
    # A choice made for another stage does not carry over to this one.
    seen = foresight and dialog_options.same_stage(request.args.get("foreseen", ""), foresight.key)
    whom = request.args.get("present", "") if seen else ""
    again = tries + 1 if 0 <= tries < MORE_COUNTS else 0
    facts = {"foresight": foresight, "whom": whom, "tries": again}
    return render_template("jobs/_present.html", job=job, seen_jobs=seen_job_ids(), **facts)


@blueprint.post("/<uuid:job_id>/connect")
@recruiter
def do_connect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Connect the stage and start the chosen backfill."""
    job = job_named(job_id)
    form = request.form
    picked = as_uuid(form.get("ats_job")), as_uuid(form.get("stage"))
    try:
        connection = working_connection(job)
        ats_job, stage = service.chosen(connection, *picked)
        wish = backfill.choice(form.get("present", ""), form.get("days", ""))
        _require_preview(wish, dialog_options.preview_key(ats_job, stage, wish.days))
        old = link_named(job)
        link = backfill.connect(job, ats_job, stage, current_user, terms(form), wish, old)
    except NotFoundError:
        raise
    except UserError as error:
        return refused(job, _(error.sentence), error.field)
    begun = _("The change is saved.") if old else _("The job is connected.")
    return changed(job, f"{begun} {what_now(link, wish, connection)}")


@blueprint.get("/<uuid:job_id>/disconnect")
@recruiter
def disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for confirmation to disconnect a stage."""
    job = job_named(job_id)
    link = link_named(job) or service.active_link(job)
    if link is None or link.ended_at is not None:
        raise UserError("This job is not connected any more. Reload the page.")
    return show_dialog("disconnect", job=job, link=link)


@blueprint.post("/<uuid:job_id>/disconnect")
@recruiter
def do_disconnect(job_id: uuid.UUID) -> ResponseReturnValue:
    """Disconnect the stage."""
    job = job_named(job_id)
    service.disconnect(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    return changed(job, _("The stage is disconnected. Invitations that were made stay valid."))


@blueprint.get("/<uuid:job_id>/progress")
@recruiter
def progress(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the progress of the backfill (htmx)."""
    job = job_named(job_id)
    link = link_named(job) or service.active_link(job)
    facts = {"link": link, "progress": link and backfill.progress(link)}
    return render_template("jobs/_progress.html", job=job, **facts)


@blueprint.post("/<uuid:job_id>/progress/stop")
@recruiter
def stop(job_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the backfill."""
    job = job_named(job_id)
    backfill.stop(service.link_of(job, as_uuid(request.form.get("link"))), current_user)
    flash(_("Nobody else of those who were there is invited."), "success")
    return go(url_for("jobs.details", job_id=job.id), 303)


def _require_preview(wish: backfill.Backfill, key: str) -> None:
    """Require that the user saw how many candidates the backfill would email.

    The preview must be of this stage and, for RECENT, of this number of days. Raises UserError.
    """
    foreseen = request.form.get("foreseen", "")
    shown = (
        dialog_options.same_stage(foreseen, key)
        if wish.whom is backfill.BackfillScope.ALL
        else foreseen == key
    )
    if wish.whom is not backfill.BackfillScope.NONE and not shown:
        raise UserError("See how many people this invites, then press Connect again.", "present")
