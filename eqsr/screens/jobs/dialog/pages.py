"""Pages of the Connect dialog, with htmx and without."""

import uuid
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask import redirect as go
from flask.typing import ResponseReturnValue
from flask_login import current_user

from eqsr.connections import job_lookup
from eqsr.connections import refresh as refreshing
from eqsr.jobs import service
from eqsr.jobs.models import Job, StageLink
from eqsr.screens.jobs import overview
from eqsr.screens.jobs.dialog import job_matches, stage_options
from eqsr.screens.jobs.dialog.forms import days_of, link_named, picked_job
from eqsr.screens.jobs.dialog.wording import other_assessments
from eqsr.screens.jobs.pages import assessment_names, job_named, progress_of
from eqsr.teams import visibility
from eqsr.web.requests import is_htmx

blueprint = Blueprint("dialog", __name__, url_prefix="/jobs")

# Fields of the dialog that can show an error message of their own.
FIELDS = ("ats_job", "stage", "present", "assessment", "grace")


def connect_dialog(
    job: Job,
    problem: str = "",
    status: int = 200,
    field: str = "",
    reading: refreshing.RefreshResult | None = None,
) -> ResponseReturnValue:
    """The whole dialog. ``field`` names the form field that ``problem`` is about, if any."""
    connection = job_lookup.connection_of(job.organisation_id)
    if connection is None:
        return show_dialog("connect", job=job, connection=None), status
    if reading is None and request.method == "GET" and not is_htmx():
        # Without scripts nothing else refreshes the mirror; with them, it is found fresh.
        reading = refreshing.refresh_for_page(connection)
    values, link = request.values, link_named(job)
    text, ats_job = values.get("q", ""), picked_job(connection)
    started_from = link or service.active_link(job)
    if ats_job is None and not text and started_from is not None:
        ats_job = job_lookup.job_with(connection.id, started_from.ats_job_id)
    found = job_matches.look_up(connection, text, ats_job)
    choice = None
    if ats_job or not is_htmx():
        choice = stage_options.stages_for(
            job, connection, ats_job, values.get("stage", ""), link, days_of(values)
        )
    page = show_dialog(
        "connect",
        job=job,
        connection=connection,
        found=found,
        choice=choice,
        scope=values.get("present", ""),
        link=link,
        reading=reading,
        problem=problem,
        field=field if field in FIELDS else "",
        **_terms(job, link),
    )
    return page, status


def _terms(job: Job, link: StageLink | None) -> dict[str, Any]:
    """The assessment and grace period to show: as typed, or as the link has them."""
    typed = request.form
    assessment = typed.get("assessment", (link and link.assessment) or "")
    grace = typed.get("grace", str(link.grace_minutes) if link else "0")
    return {"assessment": assessment, "grace": grace, "others": other_assessments(job)}


def refused(job: Job, sentence: str, field: str = "") -> ResponseReturnValue:
    """Show an error at its field, or at the top if it has no field."""
    if not is_htmx():
        return connect_dialog(job, sentence, 422, field)
    headers = {"HX-Retarget": f"#problem-{field}"} if field in FIELDS else {}
    return render_template("jobs/_problem.html", problem=sentence), 422, headers


def changed(job: Job, sentence: str) -> ResponseReturnValue:
    """Replace the job where the dialog was opened (htmx), or redirect to its page."""
    if not is_htmx():
        flash(sentence, "success")
        return go(url_for("jobs.details", job_id=job.id), 303)
    partial = "_row" if request.form.get("view") == "row" else "_connection"
    job = job_named(job.id)
    facts = {"row": overview.row_of(job), "names": assessment_names(), "progress": progress_of(job)}
    page = render_template(f"jobs/{partial}.html", **facts, swapped=True)
    page += render_template("components/flashes.html", messages=[("success", sentence)])
    headers = {
        "HX-Retarget": f"#job-{job.id}",
        "HX-Reswap": "outerHTML",
        "HX-Trigger-After-Swap": "closeDialog",
    }
    return page, 200, headers


def show_dialog(name: str, **facts: Any) -> str:
    """Render a dialog: its partial for htmx, or its page."""
    view = "row" if request.values.get("view") == "row" else "card"
    template = f"jobs/_{name}_dialog.html" if is_htmx() else f"jobs/{name}.html"
    facts |= {"names": assessment_names(), "seen_jobs": seen_job_ids()}
    return render_template(template, view=view, **facts)


def seen_job_ids() -> set[uuid.UUID]:
    """Ids of the jobs that the user may see; the titles of others are not shown."""
    return visibility.visible_job_ids(current_user)
