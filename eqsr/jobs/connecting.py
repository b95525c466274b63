"""The Connect dialog: find a SmartRecruiters job, choose the stage, connect; and disconnect.

Each page is a dialog for htmx and a page of its own without JavaScript.
"""

import uuid
from itertools import groupby

from flask import flash, render_template, request, url_for
from flask import redirect as go
from flask_babel import gettext as _
from flask_login import current_user

from eqsr.access import member
from eqsr.accounts.models import Role
from eqsr.connections import mirror, search
from eqsr.connections.models import AtsJob, Connection, HiringStage
from eqsr.jobs import lists, service
from eqsr.jobs.forms import as_uuid
from eqsr.jobs.models import Job
from eqsr.jobs.pages import assessment_names, blueprint, job_or_404
from eqsr.plain import PlainError

# Requests after the first one that may go into counting stages.
MORE_COUNTS = 12


@blueprint.get("/<uuid:job_id>/connect")
@member(Role.ADMIN, Role.REVIEWER)
def connect(job_id: uuid.UUID):
    return _dialog(job_or_404(job_id))


@blueprint.post("/<uuid:job_id>/connect")
@member(Role.ADMIN, Role.REVIEWER)
def do_connect(job_id: uuid.UUID):
    job = job_or_404(job_id)
    connection = search.connection_of(job.organisation_id)
    ats_job_id, stage_id = as_uuid(request.form.get("ats_job")), as_uuid(request.form.get("stage"))
    try:
        if connection is None:
            raise PlainError("SmartRecruiters is not connected, so nothing was changed.")
        ats_job, stage = service.chosen(connection, ats_job_id, stage_id)
        service.connect(job, ats_job, stage.status, stage.sub_status, current_user)
    except PlainError as error:
        return _refused(job, error)
    return _changed(job, _("The job is connected."))


@blueprint.get("/<uuid:job_id>/connect/jobs")
@member(Role.ADMIN, Role.REVIEWER)
def found_jobs(job_id: uuid.UUID):
    job = job_or_404(job_id)
    connection = _connection_or_error(job)
    return render_template(
        "jobs/_found.html", job=job, fresh=True, **_found(connection, request.args.get("q", ""))
    )


@blueprint.get("/<uuid:job_id>/connect/stages")
@member(Role.ADMIN, Role.REVIEWER)
def stage_chooser(job_id: uuid.UUID):
    job = job_or_404(job_id)
    connection = _connection_or_error(job)
    ats_job = _ats_job_or_error(connection)
    return render_template("jobs/_stages.html", job=job, **_stages(job, connection, ats_job))


@blueprint.get("/<uuid:job_id>/connect/counts")
@member(Role.ADMIN, Role.REVIEWER)
def stage_counts(job_id: uuid.UUID):
    job = job_or_404(job_id)
    connection = _connection_or_error(job)
    ats_job = _ats_job_or_error(connection)
    stages = search.stages(connection.id)
    start = max(0, request.args.get("start", 0, type=int))
    tries = request.args.get("tries", 0, type=int)
    counts = search.counts_in_stage(connection, ats_job, stages[start:])
    go_on = bool(counts.rest) and not counts.failed and tries < MORE_COUNTS
    asked = len(stages) - len(counts.rest)
    return render_template(
        "jobs/_counts.html",
        job=job,
        ats_job=ats_job,
        groups=_groups(stages),
        shown=stages[start:asked] if go_on else stages[start:],
        numbers=counts.numbers,
        failed=bool(counts.rest) and not go_on,
        next_url=go_on
        and url_for(
            "jobs.stage_counts", job_id=job.id, ats_job=ats_job.id, start=asked, tries=tries + 1
        ),
    )


@blueprint.get("/<uuid:job_id>/disconnect")
@member(Role.ADMIN, Role.REVIEWER)
def disconnect(job_id: uuid.UUID):
    job = job_or_404(job_id)
    link = service.active_link(job)
    if link is None:
        raise PlainError("This job is not connected any more.")
    return _show("disconnect", job=job, link=link)


@blueprint.post("/<uuid:job_id>/disconnect")
@member(Role.ADMIN, Role.REVIEWER)
def do_disconnect(job_id: uuid.UUID):
    job = job_or_404(job_id)
    link = service.link_of(job, as_uuid(request.form.get("link")) or uuid.UUID(int=0))
    service.disconnect(link, current_user)
    return _changed(job, _("The job is disconnected. Invitations that were made stay valid."))


def _dialog(job: Job, problem: str = "", status: int = 200):
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        return _show("connect", job=job, connection=None)
    link = service.active_link(job)
    text = request.values.get("q", "")
    picked = as_uuid(request.values.get("ats_job"))
    ats_job = search.job_with(connection.id, picked) if picked else None
    if ats_job is None and link is not None and not text and link.ats_job.gone_at is None:
        ats_job = link.ats_job
    found = _found(connection, text, ats_job)
    choice = _stages(job, connection, ats_job) if ats_job or not _by_htmx() else {}
    page = _show("connect", job=job, connection=connection, problem=problem, **found, **choice)
    return page, status


def _found(connection: Connection, text: str, ats_job: AtsJob | None = None) -> dict:
    """What the list of jobs shows: the job chosen before, or what was looked for."""
    synced = connection.jobs_synced_at is not None
    facts = {"q": text, "chosen": ats_job, "synced": synced, "trouble": "", "jobs": []}
    if ats_job is not None and not text:
        return facts | {"jobs": [ats_job]}
    if not search.has_id(text):
        return facts | {"jobs": search.search_jobs(connection.id, text)}
    try:
        known = search.find_job(connection, text)
    except search.OUT_OF_REACH as error:
        return facts | {"trouble": _sentence(error)}
    return facts | {"jobs": [known] if known else []}


def _stages(job: Job, connection: Connection, ats_job: AtsJob | None) -> dict:
    """What the stage chooser shows."""
    trouble = ""
    stages = search.stages(connection.id)
    if not stages:
        try:
            mirror.mirror_stages(connection.id, for_page=True)
        except search.OUT_OF_REACH as error:
            trouble = _sentence(error)
        stages = search.stages(connection.id)
    link = service.active_link(job)
    here = link if link and ats_job and link.ats_job_id == ats_job.id else None
    return {
        "ats_job": ats_job,
        "groups": _groups(stages),
        "stage_trouble": trouble,
        "picked": request.values.get("stage") or _stage_id(here, stages),
        "others": service.also_connected(job, ats_job) if ats_job else [],
    }


def _groups(stages: list[HiringStage]) -> list[tuple[str, list[HiringStage]]]:
    """Stages by the status that they belong to, in order."""
    grouped = groupby(stages, lambda stage: stage.status)
    return [(status, list(members)) for status, members in grouped]


def _stage_id(link, stages: list[HiringStage]) -> str:
    matching = (stage for stage in stages if link and stage.stage == link.stage)
    return str(next((stage.id for stage in matching), ""))


def _connection_or_error(job: Job) -> Connection:
    connection = search.connection_of(job.organisation_id)
    if connection is None:
        raise PlainError("SmartRecruiters is not connected any more. Reload the page.")
    return connection


def _ats_job_or_error(connection: Connection) -> AtsJob:
    picked = as_uuid(request.args.get("ats_job"))
    ats_job = search.job_with(connection.id, picked) if picked else None
    if ats_job is None:
        raise PlainError("This job is not in SmartRecruiters any more. Search again.")
    return ats_job


def _refused(job: Job, error: PlainError):
    if _by_htmx():
        return render_template("jobs/_problem.html", problem=_(error.sentence)), 422
    return _dialog(job, _(error.sentence), 422)


def _changed(job: Job, sentence: str):
    """Show the job as it is now, where the dialog was opened; without htmx, on its page."""
    if not _by_htmx():
        flash(sentence, "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    partial = "_row" if request.form.get("view") == "row" else "_connection"
    row = lists.row_of(job_or_404(job.id))
    page = render_template(f"jobs/{partial}.html", row=row, names=assessment_names(), swapped=True)
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


def _sentence(error: Exception) -> str:
    fallback = "SmartRecruiters can't be asked at the moment. Ask your administrator."
    return _(getattr(error, "sentence", fallback))


def _by_htmx() -> bool:
    return "HX-Request" in request.headers
