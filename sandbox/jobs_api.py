"""Jobs and configuration in the Customer API."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from . import shapes
from .errors import ApiError
from .gate import Caller, documented, needs, world
from .paging import list_object, read_moment
from .state import Job, Property, User

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs")
@needs("jobs_read")
def list_jobs(caller: Caller) -> Response:
    """List jobs; ``q`` searches the title only, and ``pageId`` requires ``sort=job_id``."""
    by_id = request.args.get("sort", "default") == "job_id"
    if request.args.get("sort", "default") not in ("default", "job_id"):
        raise ApiError(400, "INVALID_SORT", "sort must be default or job_id.")
    if request.args.get("pageId") and not by_id:
        raise ApiError(400, "INVALID_PAGE_ID", "pageId needs sort=job_id.")
    jobs = list(filter(_job_filter(), caller.company.jobs.values()))
    if by_id:
        jobs.sort(key=lambda job: job.id)
    else:
        jobs.sort(key=lambda job: job.created_on, reverse=True)
    base_url = world().base_url
    return list_object(jobs, lambda job: job.id, lambda job: shapes.job_summary(base_url, job))


def _job_filter() -> Callable[[Job], bool]:
    args = request.args
    words = args.get("q", "").casefold().split()
    statuses = args.getlist("statuses") or args.getlist("status")
    cities, departments = args.getlist("city"), args.getlist("department")
    updated_after, active_after = read_moment("updatedAfter"), read_moment("lastActivityAfter")
    posting = args.get("postingStatus")

    def fits(job: Job) -> bool:
        title = job.title.casefold()
        return (
            all(word in title for word in words)
            and (not statuses or job.status in statuses)
            and (not cities or job.location.get("city") in cities)
            and (not departments or job.department["label"] in departments)
            and (updated_after is None or job.updated_on > updated_after)
            and (active_after is None or job.last_activity_on > active_after)
            and (not posting or job.posting_status == posting)
        )

    return fits


def _job(caller: Caller, job_id: str) -> Job:
    job = caller.company.jobs.get(job_id)
    if job is None:  # the only documented refusal here is 401, even for an unknown id
        raise ApiError(401, "JOB_ACCESS_DENIED", "Job access denied")
    return job


@blueprint.get("/jobs/<job_id>")
@needs("jobs_read")
def read_job(caller: Caller, job_id: str) -> Response:
    """Return one job; unknown ids and ids of other companies are both 401 "Job access denied"."""
    return jsonify(shapes.job_details(world().base_url, caller.company, _job(caller, job_id)))


@blueprint.get("/jobs/<job_id>/hiring-team")
@needs("jobs_read")
def read_hiring_team(caller: Caller, job_id: str) -> Response:
    """Return the hiring team of a job."""
    team = _job(caller, job_id).team
    content = [_member(caller.company.users[user_id]) for user_id in team]
    return jsonify({"totalFound": len(team), "content": content})


def _member(user: User) -> dict[str, Any]:
    if not documented():
        return {"id": user.id, "actions": {}}
    details = shapes.action(world().base_url, f"/user-api/v201804/users/{user.id}")
    role = "RECRUITER" if user.role == "Extended" else "HIRING_MANAGER"
    return {"id": user.id, "role": role, "actions": {"details": details}}


@blueprint.get("/configuration/company")
@needs("configuration_read", "company_read")
def read_company(caller: Caller) -> Response:
    """Return the company's name and identifier."""
    return jsonify({"name": caller.company.name, "identifier": caller.company.id})


@blueprint.get("/configuration/hiring-processes")
@needs("configuration_read")
def list_hiring_processes(caller: Caller) -> Response:
    """List the hiring processes; the API does not say which job uses which."""
    return _all([shapes.hiring_process(found) for found in caller.company.processes.values()])


@blueprint.get("/configuration/hiring-processes/<process_id>")
@needs("configuration_read")
def read_hiring_process(caller: Caller, process_id: str) -> Response:
    """Return one hiring process."""
    process = caller.company.processes.get(process_id)
    if process is None:
        raise ApiError(404, "HIRING_PROCESS_NOT_FOUND", "There is no such hiring process.")
    return jsonify(shapes.hiring_process(process))


@blueprint.get("/configuration/rejection-reasons")
@needs("configuration_read")
def list_rejection_reasons(caller: Caller) -> Response:
    """List the possible reasons for a rejection."""
    return _labels(caller.company.rejection_reasons)


@blueprint.get("/configuration/withdrawal-reasons")
@needs("configuration_read")
def list_withdrawal_reasons(caller: Caller) -> Response:
    """List the possible reasons for a withdrawal."""
    return _labels(caller.company.withdrawal_reasons)


@blueprint.get("/configuration/candidate-properties")
@needs("configuration_read")
def list_candidate_properties(caller: Caller) -> Response:
    """List the candidate fields that the administrator defined."""
    found = caller.company.properties.values()
    return _all([shapes.property_definition(world().base_url, each) for each in found])


def _property(caller: Caller, property_id: str) -> Property:
    found = caller.company.properties.get(property_id)
    if found is None:
        raise ApiError(404, "PROPERTY_NOT_FOUND", "There is no such property.")
    return found


@blueprint.get("/configuration/candidate-properties/<property_id>")
@needs("configuration_read")
def read_candidate_property(caller: Caller, property_id: str) -> Response:
    """Return the definition of one candidate field."""
    return jsonify(shapes.property_definition(world().base_url, _property(caller, property_id)))


@blueprint.get("/configuration/candidate-properties/<property_id>/values")
@needs("configuration_read")
def list_candidate_property_values(caller: Caller, property_id: str) -> Response:
    """List the options of a SINGLE_SELECT field."""
    found = _property(caller, property_id)
    if documented() and found.type != "SINGLE_SELECT":
        raise ApiError(
            400, "CANDIDATE_PROPERTY_NOT_SINGLE_SELECT", "Only a SINGLE_SELECT field has values."
        )
    return _labels(found.values)


def _labels(labels: dict[str, str]) -> Response:
    return _all([{"id": key, "label": label} for key, label in labels.items()])


def _all(content: list[dict[str, Any]]) -> Response:
    return jsonify({"totalFound": len(content), "content": content})
