"""Create and change jobs; hold ``world.lock`` when you call these functions."""

import uuid
from typing import Any

from . import events
from .errors import ApiError
from .state import JOB_STATUSES, Company, Job

AMSTERDAM = {
    "country": "Netherlands",
    "countryCode": "nl",
    "regionCode": "nh",
    "region": "Noord-Holland",
    "city": "Amsterdam",
    "address": "Damrak 1",
    "postalCode": "1012LG",
    "manual": False,
    "remote": False,
}
_NO_DEPARTMENT = {"id": "10000", "label": "General", "description": ""}


def create_job(
    world: Any,
    company: Company,
    title: str,
    *,
    ref_number: str | None = None,
    status: str = "SOURCING",
    process_id: str | None = None,
    department: dict[str, str] | None = None,
    location: dict[str, Any] | None = None,
    language: str = "en",
    description: str = "",
    job_id: str | None = None,
    created_on: float | None = None,
    quiet: bool = False,
) -> Job:
    """Create a job; ``quiet`` sends no event."""
    if not title.strip():
        raise ApiError(400, "TITLE_REQUIRED", "A job needs a title.")
    if status not in JOB_STATUSES:
        raise ApiError(400, "INVALID_STATUS", f"{status} is not a job status.")
    process_id = process_id or next(iter(company.processes))
    if process_id not in company.processes:
        raise ApiError(404, "HIRING_PROCESS_NOT_FOUND", "This hiring process does not exist.")
    moment = world.clock.now() if created_on is None else created_on
    job = Job(
        id=job_id or str(uuid.uuid4()),
        title=title,
        ref_number=ref_number or f"REF{1000 + len(company.jobs)}{company.id[:1].upper()}",
        status=status,
        process_id=process_id,
        created_on=moment,
        updated_on=moment,
        last_activity_on=moment,
        department=department or dict(_NO_DEPARTMENT),
        location=location or dict(AMSTERDAM),
        language=language,
        posting_status="PUBLIC" if status in ("SOURCING", "INTERVIEW") else "NOT_PUBLISHED",
        team=[user.id for user in company.users.values()][1:3],
        description=description,
    )
    company.jobs[job.id] = job
    company.candidates_of_job[job.id] = {}
    if not quiet:
        events.publish_job(world, company, "job.created", job.id)
    return job


def update_job(world: Any, company: Company, job: Job, wish: dict[str, Any]) -> Job:
    """Change title, refNumber, status or hiringProcessId, and send the matching event."""
    if "status" in wish and wish["status"] not in JOB_STATUSES:
        raise ApiError(400, "INVALID_STATUS", f"{wish['status']} is not a job status.")
    if wish.get("hiringProcessId", job.process_id) not in company.processes:
        raise ApiError(404, "HIRING_PROCESS_NOT_FOUND", "This hiring process does not exist.")
    before = (job.title, job.ref_number)
    job.title = wish.get("title", job.title)
    job.ref_number = wish.get("refNumber", job.ref_number)
    job.process_id = wish.get("hiringProcessId", job.process_id)
    job.updated_on = world.clock.now()
    if before != (job.title, job.ref_number):
        events.publish_job(world, company, "job.updated", job.id)
    if wish.get("status", job.status) != job.status:
        job.status = wish["status"]
        events.publish_job(world, company, "job.status.updated", job.id)
    return job


def job_of(company: Company, job_id: str) -> Job:
    """Return a job of this company or raise 404."""
    job = company.jobs.get(job_id)
    if job is None:
        raise ApiError(404, "JOB_NOT_FOUND", "There is no such job.")
    return job
