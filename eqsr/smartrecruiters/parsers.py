"""Parse SmartRecruiters' JSON documents into the values of types.py. Ignores unknown fields.

Every function raises WrongShape when a required field is missing or malformed.
Source of the field names: SmartRecruiters' published OpenAPI files.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from eqsr.smartrecruiters.fields import (
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
    ApplicationRecord,
    Attachment,
    Callback,
    CandidateProperty,
    CandidateRecord,
    CandidateSummary,
    Company,
    HiringProcess,
    JobRecord,
    Note,
    Stage,
    StatusChange,
    Subscription,
    T,
)


def content_of(
    parse: Callable[[Any], T], *, plain: bool = False, lenient: bool = False
) -> Callable[[Any], tuple[T, ...]]:
    """Return a parser of lists, ``{"content": [...]}``, whose entries ``parse`` parses.

    ``plain``: also accept a plain array, as ``GET /messages`` and the webhooks API send.
    ``lenient``: skip entries that can't be parsed instead of raising WrongShape.
    ``content`` is optional in the published OpenAPI, but we require it unless ``totalFound`` is 0,
    because an empty document is no list.
    """

    def read(document: Any) -> tuple[T, ...]:
        found = document if plain and isinstance(document, list) else _listed(document)
        return tuple(_readable(parse, found) if lenient else map(parse, found))

    return read


def _listed(document: Any) -> list[Any]:
    document = mapping(document)
    if "content" not in document and document.get("totalFound") != 0:
        raise WrongShape("content is missing")
    return items(document, "content")


def _readable(parse: Callable[[Any], T], found: list[Any]) -> Iterator[T]:
    for item in found:
        with suppress(WrongShape):
            yield parse(item)


def company(document: Any) -> Company:
    """Parse the company; name and identifier are both optional in the published OpenAPI."""
    document = mapping(document)
    identifier_ = text(document, "identifier")
    return Company(text(document, "name") or identifier_ or "", identifier_)


def job(document: Any) -> JobRecord:
    """Parse a job from a list or from its details, where the language is part of the job ad."""
    document = mapping(document, "job")
    return JobRecord(
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
    """Parse a hiring process; the fixed statuses come from STATUSES, the sub-statuses from it."""
    document = mapping(document, "hiring process")
    sub_statuses = child(document, "subStatuses")
    stages: list[Stage] = []
    for status in STATUSES:
        stages.append(Stage(status))
        stages += [Stage(status, name) for name in texts(items(sub_statuses, status))]
    return HiringProcess(
        ats_id=text(document, "id") or "",
        name=text(document, "name") or "Hiring process",
        # All fields are optional in the published OpenAPI; without this one, it counts as active.
        active=document.get("active") is not False,
        stages=tuple(stages),
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


def note(document: Any) -> Note:
    """Parse a note of ``GET /messages``."""
    document = mapping(document, "message")
    return Note(
        content=text(document, "content") or "",
        created_on=moment(document, "createdOn"),
        visibility=text(document, "visibility"),
        author_id=text(document, "authorId"),
        ats_id=text(document, "id"),
    )


def attachment(document: Any) -> Attachment:
    """Parse an attachment of an application."""
    document = mapping(document, "attachment")
    return Attachment(ats_id=identifier(document), name=text(document, "name") or "")


def candidate_property(document: Any) -> CandidateProperty:
    """Parse the definition of a candidate property."""
    document = mapping(document, "property")
    return CandidateProperty(
        ats_id=identifier(document),
        label=text(document, "label") or identifier(document),
        type=needed_text(document, "type"),
    )


def subscription(document: Any) -> Subscription:
    """Parse a webhook subscription. Its events are objects in answers and names in requests."""
    document = mapping(document, "subscription")
    events = items(document, "events")
    names = [event.get("name") if isinstance(event, dict) else event for event in events]
    return Subscription(
        ats_id=identifier(document),
        callback_url=needed_text(document, "callbackUrl"),
        events=texts(names),
        # Optional in the published OpenAPI; activating an active subscription does no harm.
        status=(text(document, "status") or "inactive").lower(),
    )


def callback(document: Any) -> Callback:
    """Parse a delivery attempt from the callbacks log."""
    document = mapping(document, "callback")
    request = child(document, "requestDetails")
    body = request.get("body")
    return Callback(
        status=(text(document, "status") or "").lower(),
        timestamp=needed_moment(document, "timestamp"),
        url=text(request, "url"),
        body=body if isinstance(body, str) else "",
        headers={
            name.lower(): value
            for name, value in child(request, "headers").items()
            if isinstance(value, str)
        },
    )


def new_id(document: Any) -> str:
    """Parse the id of an object that was just created."""
    return identifier(mapping(document))


def new_note_id(document: Any) -> str | None:
    """Parse the id of a new note, which is optional in the published OpenAPI."""
    return text(mapping(document), "id")
