"""Candidates, their applications and the stages these were in."""

from dataclasses import dataclass
from datetime import datetime

from eqsr.smartrecruiters.types.stages import Stage


@dataclass(frozen=True)
class CandidateRecord:
    """A candidate's details."""

    ats_id: str
    first_name: str
    last_name: str
    email: str | None
    tags: tuple[str, ...]
    country: str | None = None
    """ISO 3166, two letters."""
    phone: str | None = None


@dataclass(frozen=True)
class CandidateSummary:
    """A candidate in a list.

    ``status`` and ``sub_status`` belong to the primary assignment, which is to the job ``job_id``.
    That is not necessarily the job that the list was filtered by.
    """

    ats_id: str
    first_name: str
    last_name: str
    email: str | None
    status: str | None
    sub_status: str | None
    updated_on: datetime | None
    job_id: str | None = None


@dataclass(frozen=True)
class ApplicationRecord:
    """A candidate's application to one job, and its current stage."""

    candidate_id: str
    job_id: str
    application_id: str | None
    status: str
    sub_status: str | None

    @property
    def stage(self) -> Stage:
        """The application's current stage."""
        return Stage(self.status, self.sub_status)


@dataclass(frozen=True)
class StatusChange:
    """An application entered this stage at ``changed_on``."""

    changed_on: datetime
    status: str
    sub_status: str | None
