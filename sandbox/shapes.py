"""The JSON shapes of the Customer API (SmartRecruiters' published OpenAPI files)."""

from typing import Any

from .clock import iso
from .state import Application, Attachment, Candidate, Company, HiringProcess, Job, Property

LANGUAGES = {"en": ("English", "English"), "nl": ("Dutch", "Nederlands")}


def without_nulls(document: Any) -> Any:
    """Return a copy of a JSON document without its null fields."""
    if isinstance(document, dict):
        kept = {key: value for key, value in document.items() if value is not None}
        return {key: without_nulls(value) for key, value in kept.items()}
    return [without_nulls(each) for each in document] if isinstance(document, list) else document


def action(base_url: str, path: str, method: str = "GET") -> dict[str, str]:
    """Return one entry of an ``actions`` object."""
    return {"url": base_url + path, "method": method}


def job_summary(base_url: str, job: Job) -> dict[str, Any]:
    """Return an element of ``GET /jobs``."""
    return _job_core(job) | {
        "language": _language(job.language),
        "actions": {"details": action(base_url, f"/jobs/{job.id}")},
    }


def job_details(base_url: str, company: Company, job: Job) -> dict[str, Any]:
    """Return the body of ``GET /jobs/{jobId}``; the hiring process is not part of it."""
    path = f"/jobs/{job.id}"
    return _job_core(job) | {
        "targetHiringDate": None,
        "industry": {"id": "logistics_and_supply_chain", "label": "Logistics and Supply Chain"},
        "function": {"id": "information_technology", "label": "Information Technology"},
        "typeOfEmployment": {"id": "permanent", "label": "Full-time"},
        "experienceLevel": {"id": "associate", "label": "Associate"},
        "template": False,
        "creator": {
            "id": company.administrator.id,
            "firstName": company.administrator.first_name,
            "lastName": company.administrator.last_name,
        },
        "jobAd": {
            "sections": {
                "companyDescription": {"title": "Company Description", "text": company.name},
                "jobDescription": {"title": "Job Description", "text": job.description},
                "qualifications": {"title": "Qualifications", "text": ""},
                "additionalInformation": {"title": "Additional Information", "text": ""},
                "videos": {"urls": []},
            },
            "language": _language(job.language),
        },
        "properties": [],
        "actions": {
            "details": action(base_url, path),
            "hiringTeam": action(base_url, f"{path}/hiring-team"),
        },
    }


def _job_core(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "title": job.title,
        "refNumber": job.ref_number,
        "createdOn": iso(job.created_on),
        "updatedOn": iso(job.updated_on),
        "lastActivityOn": iso(job.last_activity_on),
        "department": job.department,
        "location": job.location,
        "status": job.status,
        "postingStatus": job.posting_status,
    }


def _language(code: str) -> dict[str, str]:
    label, native = LANGUAGES.get(code, (code, code))
    return {"code": code, "label": label, "labelNative": native}


def hiring_process(process: HiringProcess) -> dict[str, Any]:
    """Return a hiring process; sub-statuses are plain strings without ids."""
    return {
        "id": process.id,
        "name": process.name,
        "active": process.active,
        "subStatuses": process.sub_statuses,
    }


def candidate_summary(base_url: str, company: Company, candidate: Candidate) -> dict[str, Any]:
    """Return an element of ``GET /candidates``."""
    found: dict[str, Any] = {
        "id": candidate.id,
        "internal": candidate.internal,
        "firstName": candidate.first_name,
        "lastName": candidate.last_name,
        "createdOn": iso(candidate.created_on),
        "updatedOn": iso(candidate.updated_on),
        "location": candidate.location,
        "tags": candidate.tags,
        "consent": {"status": "ACQUIRED"},
        "secondaryAssignments": [],
        "actions": {
            "details": action(base_url, f"/candidates/{candidate.id}"),
            "properties": action(base_url, f"/candidates/{candidate.id}/properties"),
        },
    }
    if candidate.email:
        found["email"] = candidate.email
    applications = sorted(candidate.applications.values(), key=lambda a: a.created_on, reverse=True)
    if applications:
        first, *others = applications
        found["primaryAssignment"] = {
            "job": _job_reference(base_url, company, first.job_id, with_title=True),
            "status": first.status,
            "subStatus": first.sub_status,
        }
        found["secondaryAssignments"] = [
            {"job": _job_reference(base_url, company, other.job_id)} for other in others
        ]
    return found


def candidate_details(base_url: str, company: Company, candidate: Candidate) -> dict[str, Any]:
    """Return the body of ``GET /candidates/{id}``."""
    path = f"/candidates/{candidate.id}"
    found = candidate_summary(base_url, company, candidate)
    del found["consent"]
    if "primaryAssignment" in found:
        found["primaryAssignment"] |= {"startsOn": None, "source": "Career Page", "actions": {}}
    return found | {
        "phoneNumber": candidate.phone,
        "web": {},
        "education": [],
        "experience": [],
        "actions": {
            "properties": action(base_url, f"{path}/properties"),
            "attachments": action(base_url, f"{path}/attachments"),
            "consent": action(base_url, f"{path}/consent"),
            "consents": action(base_url, f"{path}/consents"),
        },
    }


def _job_reference(
    base_url: str, company: Company, job_id: str, with_title: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {"id": job_id}
    if with_title:
        found["title"] = company.jobs[job_id].title
    return found | {"actions": {"details": action(base_url, f"/jobs/{job_id}")}}


def application_details(
    base_url: str, company: Company, application: Application
) -> dict[str, Any]:
    """Return the body of ``GET /candidates/{id}/jobs/{jobId}``."""
    found: dict[str, Any] = {
        "applicationId": application.id,
        "status": application.status,
        "subStatus": application.sub_status,
        "startsOn": application.starts_on,
        "source": application.source,
        "actions": {},
        "url": f"{base_url}/candidates/{application.candidate_id}/jobs/{application.job_id}",
    }
    reasons = company.rejection_reasons | company.withdrawal_reasons
    if application.reason:
        name = "reasonOfRejection" if application.status == "REJECTED" else "reasonOfWithdrawal"
        found[name] = {"id": application.reason, "label": reasons[application.reason]}
    return found


def attachment(base_url: str, found: Attachment) -> dict[str, Any]:
    """Return one attachment with its download and remove actions."""
    path = f"/candidates/attachments/{found.id}"
    return {
        "id": found.id,
        "name": found.name,
        "type": found.type,
        "contentType": found.content_type,
        "actions": {
            "download": action(base_url, path),
            "remove": action(base_url, path, "DELETE"),
        },
    }


def property_definition(base_url: str, found: Property) -> dict[str, Any]:
    """Return one candidate property of the configuration."""
    path = f"/configuration/candidate-properties/{found.id}"
    actions = {}
    if found.type == "SINGLE_SELECT":
        actions["values"] = action(base_url, f"{path}/values")
    return {
        "id": found.id,
        "label": found.label,
        "type": found.type,
        "availability": {"toUsers": "ALL", "context": ["PROFILE"], "forOrgFields": []},
        "actions": actions,
    }


def property_value(base_url: str, found: Property, value: Any) -> dict[str, Any]:
    """Return one property as set on an application."""
    path = f"/configuration/candidate-properties/{found.id}"
    return {
        "id": found.id,
        "label": found.label,
        "type": found.type,
        "value": value,
        "valueLabel": found.values.get(value, str(value)) if isinstance(value, str) else str(value),
        "actions": {"configuration": action(base_url, path)},
    }
