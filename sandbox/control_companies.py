"""Control API: companies, their credentials, hiring processes and jobs."""

from typing import Any

from flask import Response, jsonify

from . import companies, jobs, shapes
from .control_api import blueprint, number, wish
from .errors import ApiError
from .gate import world
from .scopes import ROLES, SCOPES
from .state import Company, Credential, Job

MAX_BULK = 100_000


def company_of(company_id: str) -> Company:
    """Return a company or raise 404."""
    company = world().companies.get(company_id)
    if company is None:
        raise ApiError(404, "COMPANY_NOT_FOUND", "There is no such company.")
    return company


def text(body: dict[str, Any], name: str) -> str:
    """Return a text from the body; raise 400 if it is missing or blank."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ApiError(400, "INVALID_REQUEST_BODY", f"{name} is required.")
    return value


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "jobs": len(company.jobs),
        "candidates": len(company.candidates),
        "hiringProcesses": [shapes.hiring_process(each) for each in company.processes.values()],
        "properties": [
            {"id": each.id, "label": each.label, "type": each.type, "values": each.values}
            for each in company.properties.values()
        ],
        "users": [
            {"id": user.id, "name": user.name, "email": user.email, "role": user.role}
            for user in company.users.values()
        ],
        "rejectionReasons": company.rejection_reasons,
        "withdrawalReasons": company.withdrawal_reasons,
    }


@blueprint.get("/companies")
def list_companies() -> Response:
    """List the companies with their processes, fields and users."""
    with world().lock:
        return jsonify([_company(company) for company in world().companies.values()])


@blueprint.post("/companies")
def create_company() -> tuple[Response, int]:
    """Open a company: ``{"name"}``."""
    with world().lock:
        return jsonify(_company(companies.create_company(world(), text(wish(), "name")))), 201


@blueprint.get("/companies/<company_id>")
def read_company(company_id: str) -> Response:
    """Return one company."""
    with world().lock:
        return jsonify(_company(company_of(company_id)))


@blueprint.post("/companies/<company_id>/credentials")
def create_credential(company_id: str) -> tuple[Response, int]:
    """Create a credential.

    The body is ``{"name", "scopes": [...]|"all", "kind": "oauth"|"api_key", "role"}``.
    """
    body = wish()
    scopes = body.get("scopes", "all")
    chosen = _scopes(scopes)
    kind, role = body.get("kind", "oauth"), body.get("role", "Administrator")
    if kind not in ("oauth", "api_key") or role not in ROLES:
        raise ApiError(400, "INVALID_REQUEST_BODY", "kind or role has an unknown value.")
    with world().lock:
        company = company_of(company_id)
        name = str(body.get("name", "Control"))
        made = world().add_credential(company, kind, name, chosen, role=role)
        return jsonify(_credential(made) | {"clientSecret": made.secret}), 201


def _scopes(wanted: Any) -> frozenset[str]:
    if wanted == "all":
        return frozenset(SCOPES)
    if not isinstance(wanted, list) or not all(scope in SCOPES for scope in wanted):
        raise ApiError(400, "UNKNOWN_SCOPE", "scopes is a list of known scopes, or all.")
    return frozenset(wanted)


def _credential(found: Credential) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind,
        "name": found.name,
        "role": found.role,
        "scopes": sorted(found.scopes),
        "clientId": found.client_id,
        "revoked": found.revoked,
    }


def _credential_of(company_id: str, credential_id: str) -> Credential:
    found = company_of(company_id).credentials.get(credential_id)
    if found is None:
        raise ApiError(404, "CREDENTIAL_NOT_FOUND", "There is no such credential.")
    return found


@blueprint.get("/companies/<company_id>/credentials")
def list_credentials(company_id: str) -> Response:
    """List credentials without their secrets."""
    with world().lock:
        found = company_of(company_id).credentials.values()
        return jsonify([_credential(each) for each in found])


@blueprint.post("/companies/<company_id>/credentials/<credential_id>")
def change_credential(company_id: str, credential_id: str) -> Response:
    """Set the scopes of a credential: ``{"scopes": [...]|"all"}``."""
    scopes = wish().get("scopes", "all")
    with world().lock:
        found = _credential_of(company_id, credential_id)
        found.scopes = _scopes(scopes)
        return jsonify(_credential(found))


@blueprint.delete("/companies/<company_id>/credentials/<credential_id>")
def revoke_credential(company_id: str, credential_id: str) -> tuple[str, int]:
    """Revoke a credential."""
    with world().lock:
        world().revoke_credential(_credential_of(company_id, credential_id))
    return "", 204


@blueprint.post("/companies/<company_id>/tokens/expire")
def expire_tokens(company_id: str) -> Response:
    """Expire every access token of the company at once."""
    with world().lock:
        ids = {found.client_id for found in company_of(company_id).credentials.values()}
        dead = [token for token, (client_id, _) in world().tokens.items() if client_id in ids]
        for token in dead:
            del world().tokens[token]
    return jsonify({"expired": len(dead)})


@blueprint.post("/companies/<company_id>/hiring-processes")
def create_hiring_process(company_id: str) -> tuple[Response, int]:
    """Add a process: ``{"name", "subStatuses": {"IN_REVIEW": [...]}, "active": true}``."""
    body = wish()
    with world().lock:
        process = companies.add_process(
            company_of(company_id),
            text(body, "name"),
            body.get("subStatuses", companies.DEFAULT_SUB_STATUSES),
            bool(body.get("active", True)),
        )
        return jsonify(shapes.hiring_process(process)), 201


@blueprint.post("/companies/<company_id>/hiring-processes/<process_id>")
def change_hiring_process(company_id: str, process_id: str) -> Response:
    """Rename or remove sub-statuses; applications keep the old name. ``requiredSubStatuses`` lists
    those that a move cannot skip.
    """
    body = wish()
    with world().lock:
        process = company_of(company_id).processes.get(process_id)
        if process is None:
            raise ApiError(404, "HIRING_PROCESS_NOT_FOUND", "There is no such hiring process.")
        process.name = body.get("name", process.name)
        process.active = bool(body.get("active", process.active))
        if "requiredSubStatuses" in body:
            process.required = [str(name) for name in body["requiredSubStatuses"] or []]
        if "subStatuses" in body:
            process.sub_statuses = companies.check_sub_statuses(body["subStatuses"])
        return jsonify(shapes.hiring_process(process))


@blueprint.get("/companies/<company_id>/jobs")
def list_jobs(company_id: str) -> Response:
    """List all jobs with their hiring process, which the Customer API does not show."""
    with world().lock:
        return jsonify([_job(each) for each in company_of(company_id).jobs.values()])


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "title": job.title,
        "refNumber": job.ref_number,
        "status": job.status,
        "hiringProcessId": job.process_id,
    }


@blueprint.post("/companies/<company_id>/jobs")
def create_job(company_id: str) -> tuple[Response, int]:
    """Open a job: ``{"title", "refNumber", "status", "hiringProcessId", "language", "quiet"}``."""
    body = wish()
    with world().lock:
        job = jobs.create_job(
            world(),
            company_of(company_id),
            text(body, "title"),
            ref_number=body.get("refNumber"),
            status=body.get("status", "SOURCING"),
            process_id=body.get("hiringProcessId"),
            language=body.get("language", "en"),
            quiet=bool(body.get("quiet")),
        )
        return jsonify(_job(job)), 201


@blueprint.post("/companies/<company_id>/jobs/bulk")
def create_jobs(company_id: str) -> tuple[Response, int]:
    """Open many jobs: ``{"count", "title_prefix", "quiet": true}``."""
    body = wish()
    count, prefix = count_of(body), str(body.get("title_prefix", "Job"))
    with world().lock:
        company = company_of(company_id)
        made = [
            jobs.create_job(world(), company, f"{prefix} {n}", quiet=bool(body.get("quiet", True)))
            for n in range(1, count + 1)
        ]
        return jsonify({"count": count, "ids": [job.id for job in made]}), 201


def count_of(body: dict[str, Any]) -> int:
    """Return the number of objects to create in one call, or raise 400."""
    count = int(number(body, "count", 0))
    if not 1 <= count <= MAX_BULK:
        raise ApiError(400, "INVALID_NUMBER", f"count must be between 1 and {MAX_BULK}.")
    return count


@blueprint.post("/companies/<company_id>/jobs/<job_id>")
def change_job(company_id: str, job_id: str) -> Response:
    """Change title, refNumber, status or hiringProcessId."""
    with world().lock:
        company = company_of(company_id)
        job = jobs.job_of(company, job_id)
        return jsonify(_job(jobs.update_job(world(), company, job, wish())))
