"""Create a company and what its administrator sets up: hiring processes, fields, reasons."""

import re
import uuid
from typing import Any

from .errors import ApiError
from .state import STATUSES_WITH_SUB_STATUSES, Company, HiringProcess, Property, User

DEFAULT_SUB_STATUSES = {
    "IN_REVIEW": ["Phone screen", "Assessment"],
    "INTERVIEW": ["On-site"],
    "OFFERED": ["Offer sent"],
}


def create_company(world: Any, name: str, company_id: str | None = None) -> Company:
    """Create a company with one administrator, one hiring process, fields and reasons."""
    name = name.strip()
    if not name:
        raise ApiError(400, "NAME_REQUIRED", "A company needs a name.")
    wanted = company_id or re.sub(r"[^A-Za-z0-9]", "", name.title()) or "Company"
    identifier, number = wanted, 2
    while identifier in world.companies:
        identifier, number = f"{wanted}{number}", number + 1
    company = Company(id=identifier, name=name, created_on=world.clock.now())
    domain = f"{identifier.lower()}.example"
    for first, last, role in (
        ("Avery", "Admin", "Administrator"),
        ("Robin", "Recruiter", "Extended"),
        ("Hayden", "Manager", "Standard"),
    ):
        user = User(uuid.uuid4().hex[:24], first, last, f"{first.lower()}@{domain}", role)
        company.users[user.id] = user
    add_process(company, "Default Hiring Process", DEFAULT_SUB_STATUSES)
    for label, kind, values in (
        ("Assessment score", "NUMBER", []),
        ("Assessment link", "TEXT", []),
        ("Assessment completed on", "DATE", []),
        ("Assessment recommendation", "SINGLE_SELECT", ["Strong match", "Match", "Discuss"]),
    ):
        add_property(company, label, kind, values)
    company.rejection_reasons = {
        uuid.uuid4().hex[:24]: label for label in ("Skills mismatch", "Position filled", "Other")
    }
    company.withdrawal_reasons = {
        uuid.uuid4().hex[:24]: label for label in ("Accepted another offer", "Not interested")
    }
    world.companies[identifier] = company
    return company


def add_process(
    company: Company, name: str, sub_statuses: dict[str, list[str]], active: bool = True
) -> HiringProcess:
    """Add a hiring process; only three of the statuses can have sub-statuses."""
    process = HiringProcess(uuid.uuid4().hex[:24], name, check_sub_statuses(sub_statuses), active)
    company.processes[process.id] = process
    return process


def check_sub_statuses(sub_statuses: Any) -> dict[str, list[str]]:
    """Return a cleaned copy; raise for a status that cannot have sub-statuses."""
    if not isinstance(sub_statuses, dict) or set(sub_statuses) - set(STATUSES_WITH_SUB_STATUSES):
        allowed = ", ".join(STATUSES_WITH_SUB_STATUSES)
        raise ApiError(400, "INVALID_SUB_STATUSES", f"Sub-statuses exist only under {allowed}.")
    return {status: [str(name) for name in names] for status, names in sub_statuses.items()}


def add_property(company: Company, label: str, kind: str, values: list[str]) -> Property:
    """Define a candidate field, as the administrator does in the settings of SmartRecruiters."""
    choices = {uuid.uuid4().hex[:24]: value for value in values}
    found = Property(str(uuid.uuid4()), label, kind, choices)
    company.properties[found.id] = found
    return found
