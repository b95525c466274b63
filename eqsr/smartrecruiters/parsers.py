"""SmartRecruiters' JSON documents → our values. Unknown fields are ignored; see reading.py.

Every function raises WrongShape when the document lacks what the value can't do without.
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
    """A reader of SmartRecruiters' lists, ``{"content": [...]}``; ``plain``: or a plain array,
    which is what ``GET /messages`` and the webhooks API answer.

    ``content`` is optional in the published OpenAPI, but nothing at all is no list: without
    ``totalFound`` 0 it must be there. ``lenient`` passes over an entry that can't be read, for
    lists in which most fields are optional and one entry must not hide the others.
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
    """Both fields are optional in the published OpenAPI."""
    document = mapping(document)
    identifier_ = text(document, "identifier")
    return Company(text(document, "name") or identifier_ or "", identifier_)


def job(document: Any) -> JobRecord:
    """From a list's summary or from the details, which keep the language in the job ad."""
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
    document = mapping(document, "hiring process")
    sub_statuses = child(document, "subStatuses")
    stages: list[Stage] = []
    for status in STATUSES:
        stages.append(Stage(status))
        stages += [Stage(status, name) for name in texts(items(sub_statuses, status))]
    return HiringProcess(
        ats_id=text(document, "id") or "",
        name=text(document, "name") or "Hiring process",
        # Optional in the published OpenAPI, like every field of it.
        active=document.get("active") is not False,
        stages=tuple(stages),
    )


def candidate(candidate_id: str) -> Callable[[Any], CandidateRecord]:
    """A reader of ``GET /candidates/{id}``, which need not repeat the id."""

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
    """A reader of ``GET /candidates/{id}/jobs/{jobId}``, which does not repeat the two ids."""

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
    """A reader of the job applications API, where the candidate's id is called profileId."""

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
        ats_id=text(document, "id"),
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
        # Optional in the published OpenAPI; to activate an active one does no harm.
        status=(text(document, "status") or "inactive").lower(),
    )


def callback(document: Any) -> Callback:
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
    """The id of something just created."""
    return identifier(mapping(document))


def new_note_id(document: Any) -> str | None:
    """The id of a note just written, which is optional in the published OpenAPI."""
    return text(mapping(document), "id")
