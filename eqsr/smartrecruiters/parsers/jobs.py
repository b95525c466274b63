"""Parse the company, its jobs and its hiring processes."""

from typing import Any

from eqsr.smartrecruiters.fields import child, identifier, items, mapping, moment, text, texts
from eqsr.smartrecruiters.types.jobs import Company, JobRecord
from eqsr.smartrecruiters.types.stages import STATUSES, HiringProcess, Stage


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
