"""The stages that a person can choose for a job, and their values in forms."""

from ..state import STATUSES, Company, Job


def stages_of(company: Company, job: Job) -> list[tuple[str, str | None]]:
    """Return every (status, sub-status) to choose from; a status with sub-statuses needs one."""
    names = company.processes[job.process_id].sub_statuses
    return [
        (status, sub_status)
        for status in STATUSES
        if status != "TRANSFERRED"
        for sub_status in (names.get(status) or [None])
    ]


def stage_value(status: str, sub_status: str | None) -> str:
    """Return the form value of a stage."""
    return f"{status}|{sub_status or ''}"


def read_stage(value: str) -> tuple[str, str | None]:
    """Return the stage of a form value."""
    status, _, sub_status = value.partition("|")
    return status, sub_status or None
