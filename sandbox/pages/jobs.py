"""Jobs: the list, a job's pipeline and its hiring process."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import jobs
from ..gate import world
from ..state import Application, Candidate, Company, Job
from .stages import stages_of
from .views import page

blueprint = Blueprint("page_jobs", __name__)

ALWAYS_SHOWN = ("NEW", "IN_REVIEW", "INTERVIEW", "OFFERED", "HIRED")
SHOWN_IF_USED = ("LEAD", "REJECTED", "WITHDRAWN", "TRANSFERRED")
CARDS_PER_GROUP = 40
JOBS_SHOWN = 200


@page(blueprint, "/jobs")
def list_jobs(company: Company) -> str:
    """List jobs, searched by title, id or reference."""
    text = request.args.get("q", "").strip().casefold()
    found = [
        job
        for job in company.jobs.values()
        if text in f"{job.title}\n{job.ref_number}\n{job.id}".casefold()
    ]
    found.sort(key=lambda job: job.created_on, reverse=True)
    counts = {job.id: len(company.candidates_of_job[job.id]) for job in found[:JOBS_SHOWN]}
    return render_template(
        "jobs.html",
        company=company,
        jobs=found[:JOBS_SHOWN],
        found=len(found),
        counts=counts,
        q=request.args.get("q", ""),
    )


@page(blueprint, "/jobs/new", ["POST"])
def create_job(company: Company) -> Response:
    """Create a job."""
    form = request.form
    job = jobs.create_job(
        world(),
        company,
        form.get("title", ""),
        ref_number=form.get("ref_number", "").strip() or None,
        process_id=form.get("process_id") or None,
    )
    flash(f"{job.title} is open.")
    return redirect(url_for(".show", company_id=company.id, job_id=job.id))


@page(blueprint, "/jobs/<job_id>")
def show(company: Company, job_id: str) -> str:
    """Show the pipeline: a column per status, a group per sub-status, a card per candidate."""
    job = jobs.job_of(company, job_id)
    return render_template(
        "job_pipeline.html",
        company=company,
        job=job,
        columns=_columns(company, job),
        stages=stages_of(company, job),
        cards=CARDS_PER_GROUP,
    )


@page(blueprint, "/jobs/<job_id>/hiring-process")
def hiring_process(company: Company, job_id: str) -> str:
    """Show the job's hiring process, which the API does not expose."""
    job = jobs.job_of(company, job_id)
    process = company.processes[job.process_id]
    return render_template("job_process.html", company=company, job=job, process=process)


@page(blueprint, "/jobs/<job_id>/status", ["POST"])
def change_status(company: Company, job_id: str) -> Response:
    """Change the job's status."""
    job = jobs.job_of(company, job_id)
    jobs.update_job(world(), company, job, {"status": request.form.get("status", "")})
    flash("The job's status has changed.")
    return redirect(url_for(".show", company_id=company.id, job_id=job.id))


def _columns(company: Company, job: Job) -> list[dict[str, Any]]:
    """Return status, count and groups per column; a group: (sub-status or None, people)."""
    by_stage: dict[str, dict[str | None, list[tuple[Candidate, Application]]]] = {}
    for candidate_id in company.candidates_of_job[job.id]:
        candidate = company.candidates[candidate_id]
        application = candidate.applications[job.id]
        groups = by_stage.setdefault(application.status, {})
        groups.setdefault(application.sub_status, []).append((candidate, application))
    names = company.processes[job.process_id].sub_statuses
    columns = []
    for status in ALWAYS_SHOWN + tuple(each for each in SHOWN_IF_USED if each in by_stage):
        found = by_stage.get(status, {})
        known: list[str | None] = list(names.get(status, [])) or [None]
        order = known + [name for name in found if name not in known]
        columns.append(
            {
                "status": status,
                "count": sum(map(len, found.values())),
                "groups": [(name, found.get(name, [])) for name in order],
            }
        )
    return columns
