"""The data that the sandbox keeps in memory, separately for each company (tenant)."""

from dataclasses import dataclass, field
from typing import Any

STATUSES = (
    "LEAD",
    "NEW",
    "IN_REVIEW",
    "INTERVIEW",
    "OFFERED",
    "HIRED",
    "REJECTED",
    "WITHDRAWN",
    "TRANSFERRED",
)
STATUSES_WITH_SUB_STATUSES = ("IN_REVIEW", "INTERVIEW", "OFFERED")
JOB_STATUSES = (
    "CREATED",
    "SOURCING",
    "FILLED",
    "INTERVIEW",
    "OFFER",
    "CANCELLED",
    "ON_HOLD",
    "OTHER",
)


@dataclass
class Credential:
    """An API key or an OAuth client, created by the customer's administrator."""

    id: str
    company_id: str
    kind: str  # "oauth" or "api_key"
    name: str
    description: str
    role: str
    scopes: frozenset[str]
    client_id: str
    secret: str
    created_on: float
    revoked: bool = False


@dataclass
class User:
    """A user of the company; the sandbox has no log-in."""

    id: str
    first_name: str
    last_name: str
    email: str
    role: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass
class HiringProcess:
    """Sub-statuses per status: plain strings, under only three of the statuses."""

    id: str
    name: str
    sub_statuses: dict[str, list[str]]
    active: bool = True
    required: list[str] = field(default_factory=list)  # sub-statuses that can't be skipped


@dataclass
class Job:
    id: str
    title: str
    ref_number: str
    status: str
    process_id: str
    created_on: float
    updated_on: float
    last_activity_on: float
    department: dict[str, str]
    location: dict[str, Any]
    posting_status: str = "PUBLIC"
    language: str = "en"
    team: list[str] = field(default_factory=list)
    description: str = ""


@dataclass
class Application:
    """One candidate's application to one job; ``history`` is oldest first, with distinct times."""

    id: str
    candidate_id: str
    job_id: str
    status: str
    sub_status: str | None
    created_on: float
    source: str = "Career Page"
    starts_on: str | None = None
    reason: str | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass
class Candidate:
    id: str
    first_name: str
    last_name: str
    email: str | None
    created_on: float
    updated_on: float
    phone: str | None = None
    location: dict[str, Any] | None = None
    internal: bool = False
    tags: list[str] = field(default_factory=list)
    out_of_reach: bool = False  # out of every credential's reach; people still see them
    applications: dict[str, Application] = field(default_factory=dict)  # by job id

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Attachment:
    id: str
    candidate_id: str
    job_id: str
    name: str
    type: str
    content_type: str
    content: bytes
    created_on: float
    author: str


@dataclass
class Note:
    """A message on a candidate's profile (``/messages/shares``)."""

    id: str
    content: str
    candidate_ids: list[str]
    visibility: str  # PRIVATE, DIRECT, OPEN or EVERYONE
    author: str
    created_on: float
    correlation_id: str | None = None
    deleted_on: float | None = None


@dataclass
class Property:
    """A candidate field, defined by the customer's administrator."""

    id: str
    label: str
    type: str
    values: dict[str, str] = field(default_factory=dict)  # SINGLE_SELECT: value id to label


@dataclass
class SecretKey:
    value: str
    created_on: float
    expires_on: float | None = None


@dataclass
class Subscription:
    id: str
    company_id: str
    credential_id: str
    callback_url: str
    events: list[str]
    created_on: float
    alerting_email: str | None = None
    authentication: dict[str, str] | None = None
    status: str = "inactive"
    suspended: bool = False
    deleted: bool = False
    keys: list[SecretKey] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)  # oldest first

    def live_keys(self, now: float) -> list[SecretKey]:
        """Return the keys still valid for signing at ``now``, oldest first."""
        return [key for key in self.keys if key.expires_on is None or key.expires_on > now]


@dataclass
class Company:
    """A tenant; credentials of other companies never reach its data."""

    id: str
    name: str
    created_on: float
    users: dict[str, User] = field(default_factory=dict)
    credentials: dict[str, Credential] = field(default_factory=dict)
    processes: dict[str, HiringProcess] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    rejection_reasons: dict[str, str] = field(default_factory=dict)
    withdrawal_reasons: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    deleted_candidates: dict[str, Candidate] = field(default_factory=dict)
    candidates_of_job: dict[str, dict[str, None]] = field(default_factory=dict)
    job_of_application: dict[str, tuple[str, str]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attachments_of_candidate: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    notes_of_candidate: dict[str, list[str]] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    moves: list[dict[str, Any]] = field(default_factory=list)
    tag_writes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def administrator(self) -> User:
        return next(iter(self.users.values()))
