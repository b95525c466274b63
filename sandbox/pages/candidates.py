"""Candidates: the list, the form to add one, the profile, and moves between stages."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from .. import hiring, jobs
from ..errors import ApiError
from ..gate import world
from ..messages_api import add_note
from ..profile_api import attachments_of
from ..state import Company
from .stages import read_stage, stages_of
from .views import page

blueprint = Blueprint("page_candidates", __name__)

CANDIDATES_SHOWN = 200


@page(blueprint, "/candidates")
def list_candidates(company: Company) -> str:
    """List candidates, searched by name, e-mail or id."""
    text = request.args.get("q", "").strip().casefold()
    found = [
        candidate
        for candidate in company.candidates.values()
        if text in f"{candidate.name}\n{candidate.email or ''}\n{candidate.id}".casefold()
    ]
    found.sort(key=lambda candidate: candidate.updated_on, reverse=True)
    return render_template(
        "candidates.html",
        company=company,
        candidates=found[:CANDIDATES_SHOWN],
        found=len(found),
        q=request.args.get("q", ""),
    )


@page(blueprint, "/jobs/<job_id>/candidates/new", ["GET", "POST"])
def add(company: Company, job_id: str) -> str | Redirect:
    """Add a candidate to a job."""
    job = jobs.job_of(company, job_id)
    stages = stages_of(company, job)
    if request.method == "GET":
        return render_template("candidate_new.html", company=company, job=job, stages=stages)
    form = request.form
    first, last = form.get("first_name", "").strip(), form.get("last_name", "").strip()
    if not first or not last:
        raise ApiError(400, "NAME_REQUIRED", "A candidate needs a first and a last name.")
    status, sub_status = read_stage(form.get("stage", "NEW|"))
    hiring.check_stage(company, job, status, sub_status)
    email = form.get("email", "").strip() or None
    candidate = hiring.create_candidate(world(), company, first, last, email)
    hiring.apply(world(), company, candidate, job, status, sub_status)
    flash(f"{candidate.name} is on this job.")
    return redirect(url_for("page_jobs.show", company_id=company.id, job_id=job.id))


@page(blueprint, "/candidates/<candidate_id>")
def show(company: Company, candidate_id: str) -> str:
    """Show the profile: status, notes, tags, attachments, fields and history."""
    candidate = hiring.candidate_of(company, candidate_id)
    notes = [company.notes[each] for each in company.notes_of_candidate.get(candidate.id, [])]
    applications = sorted(
        candidate.applications.values(), key=lambda found: found.created_on, reverse=True
    )
    return render_template(
        "candidate.html",
        company=company,
        candidate=candidate,
        applications=applications,
        stages={
            found.job_id: stages_of(company, company.jobs[found.job_id]) for found in applications
        },
        jobs=sorted(company.jobs.values(), key=lambda job: job.title),
        others=[each for each in company.candidates.values() if each is not candidate],
        notes=[note for note in reversed(notes) if note.deleted_on is None],
        attachments=attachments_of(company, candidate.id),
    )


@page(blueprint, "/candidates/<candidate_id>/jobs/<job_id>/move", ["POST"])
def move(company: Company, candidate_id: str, job_id: str) -> Redirect:
    """Move a candidate, then return to the page with the form."""
    candidate = hiring.candidate_of(company, candidate_id)
    application = hiring.application_of(candidate, job_id)
    status, sub_status = read_stage(request.form.get("stage", ""))
    if hiring.move(world(), company, application, status, sub_status):
        flash(f"{candidate.name} has moved.")
    else:
        flash(f"{candidate.name} already stands there.")
    if request.form.get("back") == "profile":
        return redirect(url_for(".show", company_id=company.id, candidate_id=candidate.id))
    return redirect(url_for("page_jobs.show", company_id=company.id, job_id=job_id))


@page(blueprint, "/candidates/<candidate_id>/notes", ["POST"])
def write_note(company: Company, candidate_id: str) -> Redirect:
    """Write a public note as a person would."""
    candidate = hiring.candidate_of(company, candidate_id)
    content = request.form.get("content", "").strip()
    if content:
        author = company.administrator.name
        add_note(world(), company, content, [candidate.id], "OPEN", author)
        flash("The note is on the profile.")
    return redirect(url_for(".show", company_id=company.id, candidate_id=candidate.id))


@page(blueprint, "/candidates/<candidate_id>/email", ["POST"])
def change_email(company: Company, candidate_id: str) -> Redirect:
    """Correct or remove the candidate's e-mail address."""
    candidate = hiring.candidate_of(company, candidate_id)
    email = request.form.get("email", "").strip()
    hiring.update_candidate(world(), company, candidate, {"email": email})
    flash("The e-mail address has changed.")
    return redirect(url_for(".show", company_id=company.id, candidate_id=candidate.id))


@page(blueprint, "/candidates/<candidate_id>/merge", ["POST"])
def merge(company: Company, candidate_id: str) -> Redirect:
    """Merge the candidate into the one whose ID was entered; it can't be undone."""
    source = hiring.candidate_of(company, candidate_id)
    target = hiring.candidate_of(company, request.form.get("into", "").strip())
    hiring.merge_candidates(world(), company, source, target)
    flash(f"{source.name} is merged into this profile.")
    return redirect(url_for(".show", company_id=company.id, candidate_id=target.id))


@page(blueprint, "/candidates/<candidate_id>/jobs/<job_id>/transfer", ["POST"])
def transfer(company: Company, candidate_id: str, job_id: str) -> Redirect:
    """Transfer the application to the job that was chosen."""
    candidate = hiring.candidate_of(company, candidate_id)
    to_job = jobs.job_of(company, request.form.get("to", "").strip())
    hiring.transfer(world(), company, candidate, jobs.job_of(company, job_id), to_job)
    flash(f"{candidate.name} is transferred to {to_job.title}.")
    return redirect(url_for(".show", company_id=company.id, candidate_id=candidate.id))


@page(blueprint, "/candidates/<candidate_id>/jobs/<job_id>/remove", ["POST"])
def remove(company: Company, candidate_id: str, job_id: str) -> Redirect:
    """Take the candidate off the job: the application is deleted."""
    candidate = hiring.candidate_of(company, candidate_id)
    hiring.delete_application(world(), company, hiring.application_of(candidate, job_id))
    flash(f"{candidate.name} is no longer on this job.")
    return redirect(url_for(".show", company_id=company.id, candidate_id=candidate.id))


@page(blueprint, "/candidates/<candidate_id>/delete", ["POST"])
def delete(company: Company, candidate_id: str) -> Redirect:
    """Delete a candidate and everything on the profile, as privacy law requires."""
    candidate = hiring.candidate_of(company, candidate_id)
    hiring.delete_candidate(world(), company, candidate)
    flash(f"{candidate.name} is deleted.")
    return redirect(url_for(".list_candidates", company_id=company.id))


@page(blueprint, "/attachments/<attachment_id>")
def download(company: Company, attachment_id: str) -> Response:
    """Download a file; always as an attachment, never displayed in the page."""
    found = company.attachments.get(attachment_id)
    if found is None:
        raise ApiError(404, "ATTACHMENT_NOT_FOUND", "There is no such file.")
    response = Response(found.content, content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response
