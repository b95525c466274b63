"""Parse candidates, their applications and the stages these were in."""

import re
from collections.abc import Callable
from typing import Any

from eqsr.smartrecruiters.fields import (
    child,
    identifier,
    items,
    mapping,
    moment,
    needed_moment,
    needed_text,
    text,
    texts,
)
from eqsr.smartrecruiters.types.candidates import (
    ApplicationRecord,
    CandidateRecord,
    CandidateSummary,
    StatusChange,
)


def candidate(candidate_id: str) -> Callable[[Any], CandidateRecord]:
    """Return a parser of ``GET /candidates/{id}``, whose answer may omit the id."""

    def read(document: Any) -> CandidateRecord:
        document = mapping(document, "candidate")
        return CandidateRecord(
            ats_id=text(document, "id") or candidate_id,
            first_name=text(document, "firstName") or "",
            last_name=text(document, "lastName") or "",
            email=text(document, "email"),
            tags=texts(items(document, "tags")),
            phone=text(document, "phoneNumber"),
            country=_country(text(child(document, "location"), "countryCode")),
        )

    return read


def _country(code: str | None) -> str | None:
    return code.upper() if code and re.fullmatch(r"[A-Za-z]{2}", code) else None


def candidate_summary(document: Any) -> CandidateSummary:
    """Parse a candidate from a list."""
    document = mapping(document, "candidate")
    assignment = child(document, "primaryAssignment")
    return CandidateSummary(
        ats_id=identifier(document),
        first_name=text(document, "firstName") or "",
        last_name=text(document, "lastName") or "",
        email=text(document, "email"),
        status=text(assignment, "status"),
        sub_status=text(assignment, "subStatus"),
        updated_on=moment(document, "updatedOn"),
        job_id=text(child(assignment, "job"), "id"),
    )


def application(candidate_id: str, job_id: str) -> Callable[[Any], ApplicationRecord]:
    """Return a parser of ``GET /candidates/{id}/jobs/{jobId}``, whose answer omits both ids."""

    def read(document: Any) -> ApplicationRecord:
        document = mapping(document, "application")
        return ApplicationRecord(
            candidate_id=candidate_id,
            job_id=job_id,
            application_id=text(document, "applicationId"),
            status=needed_text(document, "status"),
            sub_status=text(document, "subStatus"),
        )

    return read


def job_application(application_id: str) -> Callable[[Any], ApplicationRecord]:
    """Return a parser of the job applications API, which calls the candidate's id profileId."""

    def read(document: Any) -> ApplicationRecord:
        document = mapping(document, "application")
        return ApplicationRecord(
            candidate_id=identifier(document, "profileId"),
            job_id=identifier(document, "jobId"),
            application_id=application_id,
            status=needed_text(document, "status"),
            sub_status=text(document, "subStatus"),
        )

    return read


def status_change(document: Any) -> StatusChange:
    """Parse one entry of an application's status history."""
    document = mapping(document, "status change")
    return StatusChange(
        changed_on=needed_moment(document, "changedOn"),
        status=needed_text(document, "status"),
        sub_status=text(document, "subStatus"),
    )
