"""Candidates and their applications in the Customer API."""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import hiring, shapes
from .clock import iso
from .errors import ApiError
from .gate import Caller, documented, is_behind, needs, world
from .paging import list_object, read_moment
from .state import STATUSES, Application, Candidate, Company

blueprint = Blueprint("candidates", __name__)

READ = "candidates_read"
MANAGE = "candidates_manage"
MAX_TAGS = 100
MAX_TAG_LENGTH = 50


def json_body(kind: type = dict) -> Any:
    """Return the request's JSON; raise 400 if it is missing or of the wrong kind."""
    body = request.get_json(silent=True)
    if not isinstance(body, kind):
        raise ApiError(
            400, "INVALID_REQUEST_BODY", "The body must be JSON of the documented shape."
        )
    return body


def candidate_for(caller: Caller, candidate_id: str) -> Candidate:
    """Return a candidate; raise 401 "Candidate access denied" if the id is unknown, deleted, from
    another company, or out of reach.
    """
    candidate = caller.company.candidates.get(candidate_id)
    if candidate is None or candidate.out_of_reach:
        raise ApiError(401, "CANDIDATE_ACCESS_DENIED", "Candidate access denied")
    return candidate


def reached(caller: Caller, candidate_id: str) -> Candidate:
    """Return the candidate for endpoints below ``/candidates/{id}``.

    Raises 403 if the candidate is out of reach. Raises 404 for an unknown id, or 403 if the
    settings say so: SmartRecruiters documents both.
    """
    candidate = caller.company.candidates.get(candidate_id)
    gone = candidate is None and documented() and world().settings.gone_status == 403
    if gone or (candidate is not None and candidate.out_of_reach):
        raise ApiError(403, "NO_ACCESS_TO_CANDIDATE", "There is no access to this candidate.")
    return hiring.candidate_of(caller.company, candidate_id)


def application_for(caller: Caller, candidate_id: str, job_id: str) -> Application:
    """Return an application; raise 403 or 404, as documented for endpoints below a candidate."""
    return hiring.application_of(reached(caller, candidate_id), job_id)


def tagged(caller: Caller, candidate_id: str) -> Candidate:
    """Return the candidate for the tag endpoints, which document no other refusal than 403."""
    candidate = caller.company.candidates.get(candidate_id)
    if documented() and (candidate is None or candidate.out_of_reach):
        raise ApiError(403, "PERMISSION_DENIED", "No permission to access this candidate.")
    return reached(caller, candidate_id)


@blueprint.get("/candidates")
@needs(READ)
def list_candidates(caller: Caller) -> Response:
    """List candidates by job, status, sub-status, tag, text and date; only one call at a time."""
    args = request.args
    job_ids, statuses = set(args.getlist("jobId")), set(args.getlist("status"))
    sub_statuses, tags = set(args.getlist("subStatus")), set(args.getlist("tag"))
    if sub_statuses and not statuses:
        raise ApiError(400, "INVALID_SUB_STATUS", "subStatus works only together with status.")
    if statuses - set(STATUSES):
        raise ApiError(400, "INVALID_STATUS", "status has an unknown value.")
    words, updated_after = args.get("q", "").casefold().split(), read_moment("updatedAfter")

    def on_stage(application: Application) -> bool:
        return (
            (not job_ids or application.job_id in job_ids)
            and (not statuses or application.status in statuses)
            and (not sub_statuses or application.sub_status in sub_statuses)
        )

    def fits(candidate: Candidate) -> bool:
        text = f"{candidate.name} {candidate.email or ''}".casefold()
        return (
            not candidate.out_of_reach
            and (updated_after is None or candidate.updated_on > updated_after)
            and all(word in text for word in words)
            and (not tags or bool(tags & set(candidate.tags)))
            and (
                not (job_ids or statuses)
                or any(on_stage(application) for application in candidate.applications.values())
            )
        )

    found = sorted(filter(fits, _pool(caller, job_ids)), key=lambda candidate: candidate.id)
    base_url, company = world().base_url, caller.company
    return list_object(
        found,
        lambda candidate: candidate.id,
        lambda candidate: shapes.candidate_summary(base_url, company, candidate),
    )


def _pool(caller: Caller, job_ids: set[str]) -> list[Candidate]:
    company = caller.company
    if not job_ids:
        return list(company.candidates.values())
    ids = {found for job_id in job_ids for found in company.candidates_of_job.get(job_id, ())}
    return [company.candidates[candidate_id] for candidate_id in ids]


@blueprint.get("/candidates/<candidate_id>")
@needs(READ)
def read_candidate(caller: Caller, candidate_id: str) -> Response:
    """Return one candidate."""
    candidate = candidate_for(caller, candidate_id)
    return jsonify(shapes.candidate_details(world().base_url, caller.company, candidate))


@blueprint.delete("/candidates/<candidate_id>")
@needs(MANAGE)
def delete_candidate(caller: Caller, candidate_id: str) -> tuple[str, int]:
    """Delete a candidate and everything on the profile."""
    candidate = reached(caller, candidate_id)
    hiring.delete_candidate(world(), caller.company, candidate)
    return "", 204


@blueprint.get("/candidates/<candidate_id>/jobs/<job_id>")
@needs(READ)
def read_application(caller: Caller, candidate_id: str, job_id: str) -> Response:
    """Return one application with its status and sub-status."""
    if not documented():
        candidate_for(caller, candidate_id)
    application = application_for(caller, candidate_id, job_id)
    if is_behind():
        application = hiring.before_last_move(application)
    return jsonify(shapes.application_details(world().base_url, caller.company, application))


@blueprint.put("/candidates/<candidate_id>/jobs/<job_id>/status")
@needs(MANAGE, "candidates_create")
def change_status(caller: Caller, candidate_id: str, job_id: str) -> tuple[str, int]:
    """Move an application; answer 204 without a body."""
    company, wish = caller.company, json_body()
    application = application_for(caller, candidate_id, job_id)
    status, sub_status = str(wish.get("status", "")), wish.get("subStatus")
    if sub_status is not None and not isinstance(sub_status, str):
        raise ApiError(400, "INVALID_SUB_STATUS", "subStatus must be a text.")
    hiring.check_stage(company, company.jobs[job_id], status, sub_status)
    _check_steps(company, application, status, sub_status)
    hiring.move(
        world(),
        company,
        application,
        status,
        sub_status,
        by=f"api:{caller.credential.name}",
        starts_on=wish.get("startsOn"),
        reason=_reason(caller, status, wish.get("reason")),
    )
    return "", 204


def _check_steps(
    company: Company, application: Application, status: str, sub_status: str | None
) -> None:
    """Raise if the move would skip a required earlier step of the hiring process."""
    process = company.processes[company.jobs[application.job_id].process_id]
    if not documented():
        if process.sub_statuses.get(status) and not sub_status:
            raise ApiError(400, "REQUIRED_SUB_STATUS_OMITTED", f"{status} needs a subStatus.")
        return
    omitted = hiring.omitted_step(process, application, status, sub_status)
    if omitted:
        raise ApiError(400, "REQUIRED_SUB_STATUS_OMITTED", f"{omitted} can't be skipped.")


def _reason(caller: Caller, status: str, reason: Any) -> str | None:
    if reason is None:
        return None
    reasons = {
        "REJECTED": caller.company.rejection_reasons,
        "WITHDRAWN": caller.company.withdrawal_reasons,
    }
    if status not in reasons:
        raise ApiError(400, "NO_REASON_SUPPORT_FOR_STATUS", f"{status} takes no reason.")
    if reason not in reasons[status]:
        raise ApiError(400, "REASON_NOT_FOUND", "There is no such reason.")
    return str(reason)


@blueprint.get("/candidates/<candidate_id>/jobs/<job_id>/status/history")
@needs(READ, "candidate_status_read")
def read_history(caller: Caller, candidate_id: str, job_id: str) -> Response:
    """Return every stage of the application so far, by default newest first."""
    application = application_for(caller, candidate_id, job_id)
    if is_behind():
        application = hiring.before_last_move(application)
    history = list(application.history)
    if world().settings.history_order == "newest_first":
        history.reverse()
    content = [
        {
            "changedOn": iso(entry["changedOn"]),
            "status": entry["status"],
            "subStatus": entry["subStatus"],
            "actions": {},
        }
        for entry in history
    ]
    return jsonify({"totalFound": len(content), "content": content})


@blueprint.get("/job-applications-api/v202112/job-applications/<application_id>")
@needs("job_applications_read")
def read_job_application(caller: Caller, application_id: str) -> Response:
    """Return the candidate (profile) and job of an application id."""
    try:
        uuid.UUID(application_id)
    except ValueError:
        message = "The id of a job application is a UUID."
        raise ApiError(400, "INVALID_JOB_APPLICATION_ID", message) from None
    found = caller.company.job_of_application.get(application_id)
    if found is None or caller.company.candidates[found[0]].out_of_reach:
        raise ApiError(404, "JOB_APPLICATION_NOT_FOUND", "There is no such job application.")
    candidate_id, job_id = found
    application = caller.company.candidates[candidate_id].applications[job_id]
    return jsonify(
        {
            "status": application.status,
            "subStatus": application.sub_status,
            "sourceIdentifier": _source_id(application.source),
            "createDate": iso(application.created_on),
            "profileId": candidate_id,
            "jobId": job_id,
        }
    )


def _source_id(source: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, source)) if documented() else source


@blueprint.get("/candidates/<candidate_id>/tags")
@needs(READ)
def read_tags(caller: Caller, candidate_id: str) -> Response:
    """Return the tags of a candidate."""
    found = (tagged if documented() else candidate_for)(caller, candidate_id)
    return jsonify({"tags": found.tags})


@blueprint.post("/candidates/<candidate_id>/tags")
@needs(MANAGE)
def add_tags(caller: Caller, candidate_id: str) -> tuple[Response, int]:
    """Add tags and return all tags."""
    candidate = tagged(caller, candidate_id)
    return _write_tags(caller, candidate, [*candidate.tags, *_tags()]), 201


@blueprint.put("/candidates/<candidate_id>/tags")
@needs(MANAGE)
def replace_tags(caller: Caller, candidate_id: str) -> tuple[Response, int]:
    """Replace the tags and return them with 201."""
    answer = _write_tags(caller, tagged(caller, candidate_id), _tags())
    return answer, 201 if documented() else 200


@blueprint.delete("/candidates/<candidate_id>/tags")
@needs(MANAGE)
def delete_tags(caller: Caller, candidate_id: str) -> tuple[str, int]:
    """Remove all tags."""
    _write_tags(caller, tagged(caller, candidate_id), [])
    return "", 204


def _tags() -> list[str]:
    tags = json_body().get("tags")
    good = isinstance(tags, list) and all(
        isinstance(tag, str) and 0 < len(tag) <= MAX_TAG_LENGTH for tag in tags
    )
    if not good:
        message = f"tags must be a list of texts of 1 to {MAX_TAG_LENGTH} characters."
        raise ApiError(400, "INVALID_TAGS", message)
    return tags


def _write_tags(caller: Caller, candidate: Candidate, tags: list[str]) -> Response:
    if len(set(tags)) > MAX_TAGS:
        raise ApiError(400, "TOO_MANY_TAGS", f"A candidate has at most {MAX_TAGS} tags.")
    by = f"api:{caller.credential.name}"
    hiring.set_tags(world(), caller.company, candidate, tags, by)
    return jsonify({"tags": candidate.tags})
