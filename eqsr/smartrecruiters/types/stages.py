"""Stages of a hiring process, with SmartRecruiters' own terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
