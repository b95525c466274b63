"""SmartRecruiters' JSON documents → our values. Unknown fields are ignored; see reading.py.

Every function raises WrongShape when the document lacks what the value can't do without.
Source of the field names: SmartRecruiters' published OpenAPI files.
"""

import re
from collections.abc import Callable
from typing import Any

from eqsr.smartrecruiters.reading import (
    WrongShape,
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
from eqsr.smartrecruiters.types import (
    STATUSES,
    Application,
    AtsJob,
    Attachment,
    Callback,
    Candidate,
    CandidateProperty,
    CandidateSummary,
    Company,
    HiringProcess,
    Note,
    Stage,
    StatusChange,
    Subscription,
    T,
)


def content_of(parse: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """A reader of ``{"content": [...]}``, the shape of SmartRecruiters' lists."""

    def read(document: Any) -> tuple[T, ...]:
        document = mapping(document)
        if "content" not in document:
            raise WrongShape("content is missing")
        return tuple(parse(item) for item in items(document, "content"))

    return read


def company(document: Any) -> Company:
    document = mapping(document)
    return Company(needed_text(document, "name"), text(document, "identifier"))


def job(document: Any) -> AtsJob:
    """From a list's summary or from the details, which keep the language in the job ad."""
    document = mapping(document, "job")
    return AtsJob(
        ats_id=identifier(document),
        title=text(document, "title") or "",
        ref_number=text(document, "refNumber"),
        status=text(document, "status"),
        city=text(child(document, "location"), "city"),
        department=text(child(document, "department"), "label"),
        language=text(child(document, "language"), "code")
        or text(child(document, "jobAd", "language"), "code"),
        updated_on=moment(document, "updatedOn"),
    )


def hiring_process(document: Any) -> HiringProcess:
    document = mapping(document, "hiring process")
    sub_statuses = child(document, "subStatuses")
    stages: list[Stage] = []
    for status in STATUSES:
        stages.append(Stage(status))
        stages += [Stage(status, name) for name in texts(items(sub_statuses, status))]
    return HiringProcess(
        ats_id=identifier(document),
        name=text(document, "name") or "Hiring process",
        active=document.get("active") is True,
        stages=tuple(stages),
    )


def candidate(document: Any) -> Candidate:
    document = mapping(document, "candidate")
    return Candidate(
        ats_id=identifier(document),
        first_name=text(document, "firstName") or "",
        last_name=text(document, "lastName") or "",
        email=text(document, "email"),
        tags=texts(items(document, "tags")),
        country=_country(text(child(document, "location"), "countryCode")),
    )


def _country(code: str | None) -> str | None:
    return code.upper() if code and re.fullmatch(r"[A-Za-z]{2}", code) else None


def candidate_summary(document: Any) -> CandidateSummary:
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


def application(candidate_id: str, job_id: str) -> Callable[[Any], Application]:
    """A reader of ``GET /candidates/{id}/jobs/{jobId}``, which does not repeat the two ids."""

    def read(document: Any) -> Application:
        document = mapping(document, "application")
        return Application(
            candidate_id=candidate_id,
            job_id=job_id,
            application_id=text(document, "applicationId"),
            status=needed_text(document, "status"),
            sub_status=text(document, "subStatus"),
        )

    return read


def job_application(application_id: str) -> Callable[[Any], Application]:
    """A reader of the job applications API, where the candidate's id is called profileId."""

    def read(document: Any) -> Application:
        document = mapping(document, "application")
        return Application(
            candidate_id=identifier(document, "profileId"),
            job_id=identifier(document, "jobId"),
            application_id=application_id,
            status=needed_text(document, "status"),
            sub_status=text(document, "subStatus"),
        )

    return read


def status_change(document: Any) -> StatusChange:
    document = mapping(document, "status change")
    return StatusChange(
        changed_on=needed_moment(document, "changedOn"),
        status=needed_text(document, "status"),
        sub_status=text(document, "subStatus"),
    )


def note(document: Any) -> Note:
    document = mapping(document, "message")
    return Note(
        content=text(document, "content") or "",
        created_on=moment(document, "createdOn"),
        visibility=text(document, "visibility"),
        author_id=text(document, "authorId"),
    )


def attachment(document: Any) -> Attachment:
    document = mapping(document, "attachment")
    return Attachment(ats_id=identifier(document), name=text(document, "name") or "")


def candidate_property(document: Any) -> CandidateProperty:
    document = mapping(document, "property")
    return CandidateProperty(
        ats_id=identifier(document),
        label=text(document, "label") or identifier(document),
        type=needed_text(document, "type"),
    )


def subscription(document: Any) -> Subscription:
    """Events are objects in answers and plain names in requests; both are read."""
    document = mapping(document, "subscription")
    events = items(document, "events")
    names = [event.get("name") if isinstance(event, dict) else event for event in events]
    return Subscription(
        ats_id=identifier(document),
        callback_url=needed_text(document, "callbackUrl"),
        events=texts(names),
        status=needed_text(document, "status").lower(),
    )


def callback(document: Any) -> Callback:
    document = mapping(document, "callback")
    request = child(document, "requestDetails")
    body = request.get("body")
    return Callback(
        status=needed_text(document, "status").lower(),
        timestamp=needed_moment(document, "timestamp"),
        url=text(request, "url"),
        body=body if isinstance(body, str) else "",
        headers={
            name.lower(): value
            for name, value in child(request, "headers").items()
            if isinstance(value, str)
        },
    )


def every(parse: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    """A reader of a plain JSON array, the shape of the webhooks API's lists."""

    def read(document: Any) -> tuple[T, ...]:
        if not isinstance(document, list):
            raise WrongShape("document is not a list")
        return tuple(parse(item) for item in document)

    return read


def new_id(document: Any) -> str:
    """The id of something just created."""
    return identifier(mapping(document))
