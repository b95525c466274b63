"""The values that the client returns: frozen dataclasses with SmartRecruiters' own terms.

Ids are SmartRecruiters' ids (``ats_id``), opaque text. Date-times are aware and in UTC.
``None`` means that SmartRecruiters' answer did not contain the value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar

T = TypeVar("T")

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "LEAD": "Lead",
        "NEW": "New",
        "IN_REVIEW": "In review",
        "INTERVIEW": "Interview",
        "OFFERED": "Offered",
        "HIRED": "Hired",
        "REJECTED": "Rejected",
        "WITHDRAWN": "Withdrawn",
        "TRANSFERRED": "Transferred",
    }
)
"""The fixed statuses of an application, in pipeline order, with their labels for people.

Source: SmartRecruiters' published OpenAPI, CandidateStatusEnum.
"""


@dataclass(frozen=True)
class ApiPage(Generic[T]):
    """One page of a list; ``next_page_id`` is None on the last one."""

    items: tuple[T, ...]
    next_page_id: str | None
    total: int | None


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


@dataclass(frozen=True)
class Stage:
    """A stage of a hiring process: a status and, in some processes, a sub-status."""

    status: str
    sub_status: str | None = None

    @property
    def label(self) -> str:
        """The stage's name for people, such as ``In review: Phone screen``."""
        label = STATUSES.get(self.status, self.status)
        return f"{label}: {self.sub_status}" if self.sub_status else label


@dataclass(frozen=True)
class HiringProcess:
    """A hiring process. ``stages``: all fixed statuses in order, each before its sub-statuses."""

    ats_id: str
    name: str
    active: bool
    stages: tuple[Stage, ...]


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


@dataclass(frozen=True)
class Note:
    """A note on a candidate's profile. In the published OpenAPI, lists of notes have no ids."""

    content: str
    created_on: datetime | None
    visibility: str | None
    author_id: str | None
    ats_id: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that is attached to an application."""

    ats_id: str
    name: str


@dataclass(frozen=True)
class CandidateProperty:
    """A profile field that the customer's admin defined."""

    ats_id: str
    label: str
    type: str


@dataclass(frozen=True)
class Subscription:
    """A webhook subscription; ``status`` is ``active`` or ``inactive``."""

    ats_id: str
    callback_url: str
    events: tuple[str, ...]
    status: str

    @property
    def active(self) -> bool:
        """True if SmartRecruiters sends its events."""
        return self.status == "active"


@dataclass(frozen=True)
class Callback:
    """A delivery attempt from SmartRecruiters' log; header names are in lower case.

    ``status``: ``successful`` or ``failed``. Headers may contain a secret, so repr() leaves them
    out.
    """

    status: str
    timestamp: datetime
    url: str | None
    body: str
    headers: Mapping[str, str] = field(repr=False, hash=False)


PropertyValue = Any
"""The value of a candidate property: text, number, bool or a value id, depending on its type."""
