"""The company and its jobs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Company:
    """The company that an account belongs to."""

    name: str
    identifier: str | None


@dataclass(frozen=True)
class JobRecord:
    """A job in SmartRecruiters. ``ref_number``: the reference that recruiters gave it."""

    ats_id: str
    title: str
    ref_number: str | None
    status: str | None
    city: str | None
    department: str | None
    language: str | None
    updated_on: datetime | None
