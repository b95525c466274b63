"""Lists and counts that the Connect dialog loads while somebody chooses."""

import uuid
from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from eqsr.accounts.models import Role
from eqsr.connections import job_lookup
from eqsr.connections import refresh as refreshing
from eqsr.connections.counts import counts_in_stage
from eqsr.screens.jobs import stage_labels
from eqsr.screens.jobs.dialog import backfill_preview, job_matches, stage_options
from eqsr.screens.jobs.dialog.forms import (
    chosen_job,
    days_of,
    link_named,
    picked_job,
    working_connection,
)
from eqsr.screens.jobs.dialog.pages import blueprint, connect_dialog, seen_job_ids
from eqsr.screens.jobs.pages import job_named
from eqsr.web.access import member
from eqsr.web.parts import part_of
from eqsr.web.requests import is_htmx

# Follow-up requests that may count more candidates.
MORE_COUNTS = 12

recruiter = member(Role.ADMIN, Role.REVIEWER)


@blueprint.get("/<uuid:job_id>/connect/jobs")
@recruiter
@part_of("dialog.connect")
def found_jobs(job_id: uuid.UUID) -> ResponseReturnValue:
    """List the jobs that a search finds, with the chosen job always among them."""
    job = job_named(job_id)
    connection = working_connection(job)
    found = job_matches.look_up(connection, request.args.get("q", ""))
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
@part_of("dialog.connect")
def stages(job_id: uuid.UUID) -> ResponseReturnValue:
    """List the stages of the chosen job. A reload (``again``) without a chosen job is empty."""
    job = job_named(job_id)
    connection = working_connection(job)
    if request.args.get("again") and picked_job(connection) is None:
        return ""
    choice = stage_options.stages_for(
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
        scope=request.args.get("present", ""),
    )


@blueprint.get("/<uuid:job_id>/connect/counts")
@recruiter
@part_of("dialog.connect")
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
        groups=stage_labels.by_status(known),
        shown={stage.id: counted.numbers.get(stage.id, "?") for stage in known[start:asked]},
        failed=bool(counted.rest) and not go_on,
        next_url=next_url if go_on else "",
    )


@blueprint.get("/<uuid:job_id>/connect/present", endpoint="those_there")
@recruiter
@part_of("dialog.connect")
def preview_backfill(job_id: uuid.UUID) -> ResponseReturnValue:
    """Preview who is in the chosen stage, and offer the backfill."""
    job = job_named(job_id)
    connection = working_connection(job)
    ats_job = chosen_job(connection)
    stage_id, tries = request.args.get("stage", ""), request.args.get("tries", 0, type=int)
    known = job_lookup.stages(connection.id)
    stage = next((one for one in known if str(one.id) == stage_id), None)
    days = days_of(request.args)
    preview = stage and backfill_preview.preview(
        job, connection, ats_job, stage, link_named(job), days
    )
    # A choice made for another stage does not carry over to this one.
    seen = preview and backfill_preview.same_stage(request.args.get("foreseen", ""), preview.key)
    scope = request.args.get("present", "") if seen else ""
    again = tries + 1 if 0 <= tries < MORE_COUNTS else 0
    facts = {"preview": preview, "scope": scope, "tries": again}
    return render_template("jobs/_present.html", job=job, seen_jobs=seen_job_ids(), **facts)
