"""Control API: add, move and inspect candidates, as people do in SmartRecruiters."""

from typing import Any

from flask import Response, jsonify

from . import hiring, jobs
from .books import books, profile
from .clock import iso
from .control_api import blueprint, wish, wishes
from .control_companies import company_of, count_of, text
from .gate import world
from .state import Candidate, Company


@blueprint.post("/companies/<company_id>/candidates")
def create_candidate(company_id: str) -> tuple[Response, int]:
    """Add a candidate.

    Fields: ``firstName``, ``lastName``, ``email``, ``jobId``, ``status``, ``subStatus``.
    """
    with world().lock:
        return jsonify(_create_candidate(company_of(company_id), wish())), 201


def _create_candidate(company: Company, body: dict[str, Any]) -> dict[str, Any]:
    job = jobs.job_of(company, text(body, "jobId")) if body.get("jobId") else None
    if job is not None:
        hiring.check_stage(company, job, body.get("status", "NEW"), body.get("subStatus"))
    quiet = bool(body.get("quiet"))
    candidate = hiring.create_candidate(
        world(),
        company,
        text(body, "firstName"),
        str(body.get("lastName", "")),
        body.get("email"),
        quiet=quiet,
    )
    made = {"id": candidate.id, "applicationId": None, "email": candidate.email}
    if job is not None:
        application = hiring.apply(
            world(),
            company,
            candidate,
            job,
            body.get("status", "NEW"),
            body.get("subStatus"),
            quiet=quiet,
        )
        made |= {"applicationId": application.id}
    return made


@blueprint.post("/companies/<company_id>/candidates/bulk")
def create_candidates(company_id: str) -> tuple[Response, int]:
    """Add many candidates: ``{"candidates": [...]}`` or ``{"count", "jobId", "status", "subStatus",
    "email_prefix", "quiet": true}``.
    """
    body = wish()
    with world().lock:
        company = company_of(company_id)
        if "candidates" in body:
            wanted = wishes(body, "candidates")
        else:
            prefix = body.get("email_prefix", f"{company.id.lower()}-candidate")
            shared = {key: body.get(key) for key in ("jobId", "subStatus")}
            shared |= {"status": body.get("status", "NEW"), "quiet": body.get("quiet", True)}
            wanted = [
                {"firstName": "Candidate", "lastName": str(n), "email": f"{prefix}-{n}@example.org"}
                | shared
                for n in range(1, count_of(body) + 1)
            ]
        return jsonify([_create_candidate(company, each) for each in wanted]), 201


@blueprint.get("/companies/<company_id>/candidates")
def list_candidates(company_id: str) -> Response:
    """List all candidates with a summary of their applications."""
    with world().lock:
        found = company_of(company_id).candidates.values()
        return jsonify([_candidate(candidate) for candidate in found])


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "firstName": candidate.first_name,
        "lastName": candidate.last_name,
        "email": candidate.email,
        "createdOn": iso(candidate.created_on),
        "applications": [
            {
                "applicationId": application.id,
                "jobId": application.job_id,
                "status": application.status,
                "subStatus": application.sub_status,
            }
            for application in candidate.applications.values()
        ],
    }


@blueprint.get("/companies/<company_id>/candidates/<candidate_id>")
def read_profile(company_id: str, candidate_id: str) -> Response:
    """Return everything that the profile shows: notes, tags, attachments, fields, history."""
    with world().lock:
        company = company_of(company_id)
        return jsonify(profile(company, hiring.candidate_of(company, candidate_id)))


@blueprint.post("/companies/<company_id>/candidates/<candidate_id>")
def change_candidate(company_id: str, candidate_id: str) -> Response:
    """Change ``firstName``, ``lastName``, ``email`` or ``phoneNumber``.

    ``outOfReach`` hides the candidate from every credential, or shows them again; no event is sent
    for it.
    """
    body = wish()
    with world().lock:
        company = company_of(company_id)
        candidate = hiring.candidate_of(company, candidate_id)
        if "outOfReach" in body:
            candidate.out_of_reach = bool(body["outOfReach"])
            return jsonify(_candidate(candidate))
        return jsonify(_candidate(hiring.update_candidate(world(), company, candidate, body)))


@blueprint.delete("/companies/<company_id>/candidates/<candidate_id>")
def delete_candidate(company_id: str, candidate_id: str) -> tuple[str, int]:
    """Delete a candidate."""
    with world().lock:
        company = company_of(company_id)
        hiring.delete_candidate(world(), company, hiring.candidate_of(company, candidate_id))
    return "", 204


@blueprint.post("/companies/<company_id>/applications")
def create_application(company_id: str) -> tuple[Response, int]:
    """Add a candidate to another job: ``{"candidateId", "jobId", "status", "subStatus"}``."""
    body = wish()
    with world().lock:
        company = company_of(company_id)
        application = hiring.apply(
            world(),
            company,
            hiring.candidate_of(company, text(body, "candidateId")),
            jobs.job_of(company, text(body, "jobId")),
            body.get("status", "NEW"),
            body.get("subStatus"),
        )
        return jsonify({"applicationId": application.id}), 201


@blueprint.delete("/companies/<company_id>/applications/<application_id>")
def delete_application(company_id: str, application_id: str) -> tuple[str, int]:
    """Take a candidate off a job."""
    with world().lock:
        company = company_of(company_id)
        candidate_id, job_id = company.job_of_application.get(application_id, ("", ""))
        candidate = hiring.candidate_of(company, candidate_id)
        hiring.delete_application(world(), company, hiring.application_of(candidate, job_id))
    return "", 204


@blueprint.post("/companies/<company_id>/moves")
def make_moves(company_id: str) -> tuple[Response, int]:
    """Move an application, or several.

    Fields: ``candidateId``, ``jobId``, ``status``, ``subStatus``; or a list of them, ``moves``.
    """
    body = wish()
    with world().lock:
        company = company_of(company_id)
        if "moves" not in body:
            return jsonify(_move(company, body)), 201
        return jsonify([_move(company, each) for each in wishes(body, "moves")]), 201


def _move(company: Company, body: dict[str, Any]) -> dict[str, Any]:
    candidate = hiring.candidate_of(company, text(body, "candidateId"))
    application = hiring.application_of(candidate, text(body, "jobId"))
    status = text(body, "status")
    changed = hiring.move(world(), company, application, status, body.get("subStatus"))
    return {
        "changed": changed,
        "applicationId": application.id,
        "at": iso(application.history[-1]["changedOn"]),
    }


@blueprint.post("/companies/<company_id>/transfers")
def make_transfer(company_id: str) -> tuple[Response, int]:
    """Move an application to another job: ``{"candidateId", "fromJobId", "toJobId"}``."""
    body = wish()
    with world().lock:
        company = company_of(company_id)
        application = hiring.transfer(
            world(),
            company,
            hiring.candidate_of(company, text(body, "candidateId")),
            jobs.job_of(company, text(body, "fromJobId")),
            jobs.job_of(company, text(body, "toJobId")),
        )
        return jsonify({"applicationId": application.id}), 201


@blueprint.post("/companies/<company_id>/merges")
def make_merge(company_id: str) -> tuple[Response, int]:
    """Merge two candidates: ``{"fromCandidateId", "intoCandidateId"}``."""
    body = wish()
    with world().lock:
        company = company_of(company_id)
        source = hiring.candidate_of(company, text(body, "fromCandidateId"))
        target = hiring.candidate_of(company, text(body, "intoCandidateId"))
        return jsonify(_candidate(hiring.merge_candidates(world(), company, source, target))), 201


@blueprint.get("/companies/<company_id>/books")
def read_books(company_id: str) -> Response:
    """Return all moves, notes and tags that ever existed, to check a campaign against."""
    with world().lock:
        return jsonify(books(company_of(company_id)))
