"""What people do with candidates: functions for the API, the control API and the pages.

Each function changes the state, writes history and sends the events. Hold ``world.lock`` when you
call it.
"""

import uuid
from dataclasses import replace
from typing import Any

from . import events
from .clock import iso
from .errors import ApiError
from .state import STATUSES, Application, Candidate, Company, HiringProcess, Job


def create_candidate(
    world: Any,
    company: Company,
    first_name: str,
    last_name: str,
    email: str | None,
    *,
    phone: str | None = None,
    candidate_id: str | None = None,
    created_on: float | None = None,
    quiet: bool = False,
) -> Candidate:
    """Create a candidate without an application."""
    moment = world.clock.now() if created_on is None else created_on
    candidate = Candidate(
        id=candidate_id or str(uuid.uuid4()),
        first_name=first_name,
        last_name=last_name,
        email=email or None,
        phone=phone,
        created_on=moment,
        updated_on=moment,
        location={"country": "Netherlands", "countryCode": "nl", "city": "Amsterdam"},
    )
    company.candidates[candidate.id] = candidate
    if not quiet:
        events.publish_candidate(world, company, "candidate.created", candidate.id)
    return candidate


def apply(
    world: Any,
    company: Company,
    candidate: Candidate,
    job: Job,
    status: str = "NEW",
    sub_status: str | None = None,
    *,
    application_id: str | None = None,
    created_on: float | None = None,
    by: str = "person",
    quiet: bool = False,
) -> Application:
    """Create an application of a candidate to a job."""
    if job.id in candidate.applications:
        raise ApiError(409, "ALREADY_APPLIED", "This candidate is already on this job.")
    check_stage(company, job, status, sub_status)
    moment = world.clock.now() if created_on is None else created_on
    application = Application(
        id=application_id or str(uuid.uuid4()),
        candidate_id=candidate.id,
        job_id=job.id,
        status=status,
        sub_status=sub_status,
        created_on=moment,
        history=[{"changedOn": moment, "status": status, "subStatus": sub_status}],
    )
    candidate.applications[job.id] = application
    company.candidates_of_job[job.id][candidate.id] = None
    company.job_of_application[application.id] = (candidate.id, job.id)
    candidate.updated_on = max(candidate.updated_on, moment)
    job.last_activity_on = max(job.last_activity_on, moment)
    _note_move(company, application, None, None, moment, by)
    if not quiet:
        events.publish_application(world, company, "application.created", application)
    return application


def check_stage(company: Company, job: Job, status: str, sub_status: str | None) -> None:
    """Raise unless ``status`` exists and the job's hiring process has ``sub_status`` under it."""
    if status not in STATUSES:
        raise ApiError(400, "INVALID_STATUS", f"{status} is not an application status.")
    known = company.processes[job.process_id].sub_statuses.get(status, [])
    if sub_status is not None and sub_status not in known:
        message = f"{sub_status} is not a sub-status of {status} in this job's hiring process."
        raise ApiError(400, "INVALID_SUB_STATUS", message)


def omitted_step(
    process: HiringProcess, application: Application, status: str, sub_status: str | None
) -> str | None:
    """Return the first earlier required step that the application never reached, or None."""
    been = {(entry["status"], entry["subStatus"]) for entry in application.history}
    steps = [
        (each, name) for each in STATUSES for name in (None, *process.sub_statuses.get(each, []))
    ]
    if (status, sub_status) not in steps or status in ("REJECTED", "WITHDRAWN", "TRANSFERRED"):
        return None
    earlier = steps[: steps.index((status, sub_status))]
    return next(
        (name for each, name in earlier if name in process.required and (each, name) not in been),
        None,
    )


def before_last_move(application: Application) -> Application:
    """Return a copy as it was before its last move; the application itself if it never moved."""
    earlier = application.history[:-1]
    if not earlier:
        return application
    status, sub_status = earlier[-1]["status"], earlier[-1]["subStatus"]
    return replace(application, status=status, sub_status=sub_status, history=earlier)


def move(
    world: Any,
    company: Company,
    application: Application,
    status: str,
    sub_status: str | None = None,
    *,
    by: str = "person",
    starts_on: str | None = None,
    reason: str | None = None,
) -> bool:
    """Move an application to a stage; return False if it is already there."""
    job = company.jobs[application.job_id]
    check_stage(company, job, status, sub_status)
    application.starts_on = starts_on or application.starts_on
    application.reason = reason
    before = (application.status, application.sub_status)
    if before == (status, sub_status):
        return False
    moment = max(world.clock.now(), round(application.history[-1]["changedOn"] + 0.001, 3))
    application.status, application.sub_status = status, sub_status
    application.history.append({"changedOn": moment, "status": status, "subStatus": sub_status})
    company.candidates[application.candidate_id].updated_on = moment
    job.last_activity_on = moment
    _note_move(company, application, *before, moment, by)
    if before[0] != status or world.settings.sub_status_events:
        events.publish_application(world, company, "application.status.updated", application)
    return True


def _note_move(
    company: Company,
    application: Application,
    from_status: str | None,
    from_sub_status: str | None,
    moment: float,
    by: str,
) -> None:
    company.moves.append(
        {
            "at": iso(moment),
            "by": by,
            "candidateId": application.candidate_id,
            "jobId": application.job_id,
            "applicationId": application.id,
            "fromStatus": from_status,
            "fromSubStatus": from_sub_status,
            "status": application.status,
            "subStatus": application.sub_status,
        }
    )


def transfer(
    world: Any, company: Company, candidate: Candidate, from_job: Job, to_job: Job
) -> Application:
    """Move an application to another job: the old one becomes TRANSFERRED and a new one begins."""
    old = application_of(candidate, from_job.id)
    new = apply(world, company, candidate, to_job)
    move(world, company, old, "TRANSFERRED")
    return new


def update_candidate(
    world: Any, company: Company, candidate: Candidate, wish: dict[str, Any]
) -> Candidate:
    """Change name, e-mail or phone; an empty e-mail removes it."""
    candidate.first_name = wish.get("firstName", candidate.first_name)
    candidate.last_name = wish.get("lastName", candidate.last_name)
    if "email" in wish:
        candidate.email = wish["email"] or None
    candidate.phone = wish.get("phoneNumber", candidate.phone)
    touch(world, company, candidate)
    return candidate


def touch(world: Any, company: Company, candidate: Candidate) -> None:
    """Record that a candidate's details changed, and send the event."""
    candidate.updated_on = world.clock.now()
    events.publish_candidate(world, company, "candidate.updated", candidate.id)


def set_tags(world: Any, company: Company, candidate: Candidate, tags: list[str], by: str) -> None:
    """Replace the tags; keep their order and drop duplicates."""
    wanted = list(dict.fromkeys(tags))
    if wanted == candidate.tags:
        return
    candidate.tags = wanted
    company.tag_writes.append(
        {"at": iso(world.clock.now()), "by": by, "candidateId": candidate.id, "tags": wanted}
    )
    touch(world, company, candidate)


def delete_candidate(world: Any, company: Company, candidate: Candidate) -> None:
    """Delete a candidate with everything on the profile; the books keep a copy of it."""
    del company.candidates[candidate.id]
    company.deleted_candidates[candidate.id] = candidate
    for job_id, application in candidate.applications.items():
        company.candidates_of_job[job_id].pop(candidate.id, None)
        company.job_of_application.pop(application.id, None)
    for attachment_id in company.attachments_of_candidate.pop(candidate.id, []):
        company.attachments.pop(attachment_id, None)
    events.publish_candidate(world, company, "candidate.deleted", candidate.id)


def delete_application(world: Any, company: Company, application: Application) -> None:
    """Take a candidate off a job. SmartRecruiters documents no event for it."""
    candidate = company.candidates[application.candidate_id]
    del candidate.applications[application.job_id]
    company.candidates_of_job[application.job_id].pop(candidate.id, None)
    company.job_of_application.pop(application.id, None)
    touch(world, company, candidate)


def merge_candidates(
    world: Any, company: Company, source: Candidate, target: Candidate
) -> Candidate:
    """Merge ``source`` into ``target``: applications to other jobs move, ``source`` is deleted."""
    if source is target:
        raise ApiError(400, "SAME_CANDIDATE", "A candidate cannot be merged into itself.")
    for job_id, application in list(source.applications.items()):
        if job_id in target.applications:
            continue
        del source.applications[job_id]
        company.candidates_of_job[job_id].pop(source.id, None)
        application.candidate_id = target.id
        target.applications[job_id] = application
        company.candidates_of_job[job_id][target.id] = None
        company.job_of_application[application.id] = (target.id, job_id)
    delete_candidate(world, company, source)
    touch(world, company, target)
    return target


def candidate_of(company: Company, candidate_id: str) -> Candidate:
    """Return a candidate of this company or raise 404."""
    candidate = company.candidates.get(candidate_id)
    if candidate is None:
        raise ApiError(404, "CANDIDATE_NOT_FOUND", "There is no such candidate.")
    return candidate


def application_of(candidate: Candidate, job_id: str) -> Application:
    """Return the candidate's application to a job or raise 404."""
    application = candidate.applications.get(job_id)
    if application is None:
        raise ApiError(404, "JOB_NOT_FOUND", "The candidate is not assigned to this job.")
    return application
