"""All of the sandbox's data, behind one lock."""

import secrets
import threading
import uuid
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clock import Clock
from .deliveries import Deliveries
from .faults import Faults
from .limits import Limits
from .mailbox import Mailbox
from .recorder import Recorder
from .state import Company, Credential

REQUESTS_KEPT = 2000
ANSWERS = ("documented", "assumed")


@dataclass
class Settings:
    """Behaviour that the public documentation leaves open; the control API can change it."""

    sub_status_events: bool = True
    suspend_after_redeliveries: int = 10
    retry_timestamp: str = "fresh"  # or "original"
    history_order: str = "newest_first"  # or "oldest_first"
    event_version: str = "v201910"
    ack_timeout_seconds: float = 5.0
    handshake_timeout_seconds: float = 20.0
    token_lifetime_seconds: int = 1800
    fractional_timestamps: bool = False  # of deliveries; "number" in the published OpenAPI
    gone_status: int = 404  # for endpoints below a deleted candidate; or 403: both are documented
    answers: str = "documented"  # or "assumed", as before the comparison with the OpenAPI

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Raise ValueError for an invalid value."""
        if self.answers not in ANSWERS:
            raise ValueError(f"answers must be one of {', '.join(ANSWERS)}")

    @property
    def documented(self) -> bool:
        """Whether answers follow the published OpenAPI."""
        return self.answers == "documented"


class World:
    """All companies, tokens, deliveries, mails, faults and counts of one sandbox process.

    ``lock`` guards the companies and tokens; the other members have locks of their own.
    """

    def __init__(
        self,
        base_url: str,
        limits_enforced: bool = True,
        random_seed: int = 0,
        record: Path | None = None,
        deliveries: type[Deliveries] = Deliveries,
    ) -> None:
        self.base_url = base_url
        self.recorder = Recorder(record) if record else None
        self.smtp_address = ""
        self.lock = threading.RLock()
        self.clock = Clock()
        self.settings = Settings()
        self.faults = Faults(random_seed)
        self.limits = Limits(limits_enforced)
        self.mailbox = Mailbox(self.clock)
        self.requests: deque[dict[str, Any]] = deque(maxlen=REQUESTS_KEPT)
        self.companies: dict[str, Company] = {}
        self.credentials: dict[str, Credential] = {}  # by client id or API key
        self.tokens: dict[str, tuple[str, float]] = {}  # token to (client id, expiry time)
        self.reveals: dict[str, Credential] = {}  # new secrets that can be shown once
        self.deliveries = deliveries(self)
        self.snapshots: dict[str, dict[str, Any]] = {}  # by the name they were kept under

    def reset(self, random_seed: int = 0) -> None:
        """Delete all data, remove all faults and return to real time."""
        with self.lock:
            self.deliveries.reset()
            self.companies.clear()
            self.credentials.clear()
            self.tokens.clear()
            self.reveals.clear()
            self.requests.clear()
            self.mailbox.clear()
            self.faults.reset(random_seed)
            self.limits.reset()
            self.clock.reset()
            self.settings = Settings()

    def contents(self) -> dict[str, Any]:
        """Everything but faults, counts of the limits, and the clock, by the member's name."""
        return {
            "companies": self.companies,
            "credentials": self.credentials,
            "tokens": self.tokens,
            "reveals": self.reveals,
            "requests": self.requests,
            "settings": self.settings,
            "deliveries": self.deliveries.list(),
            "mails": self.mailbox.find(),
        }

    def restore(self, contents: dict[str, Any]) -> None:
        """Reset, and hold ``contents`` from now on, which nobody else may hold."""
        with self.lock:
            self.reset()
            for member in ("companies", "credentials", "tokens", "reveals"):
                getattr(self, member).update(contents[member])
            self.requests.extend(contents["requests"])
            self.settings = contents["settings"]
            self.deliveries.restore(contents["deliveries"])
            self.mailbox.restore(contents["mails"])

    def add_credential(
        self,
        company: Company,
        kind: str,
        name: str,
        scopes: frozenset[str],
        description: str = "",
        role: str = "Administrator",
    ) -> Credential:
        """Create an API key or an OAuth client for a company."""
        if kind == "api_key":
            client_id = secret = "DCRA1-" + secrets.token_hex(16)
        else:
            client_id, secret = secrets.token_hex(16), secrets.token_urlsafe(32)
        credential = Credential(
            id=str(uuid.uuid4()),
            company_id=company.id,
            kind=kind,
            name=name,
            description=description,
            role=role,
            scopes=scopes,
            client_id=client_id,
            secret=secret,
            created_on=self.clock.now(),
        )
        company.credentials[credential.id] = credential
        self.credentials[client_id] = credential
        return credential

    def revoke_credential(self, credential: Credential) -> None:
        """Revoke a credential: its tokens expire and its subscriptions stop sending (a guess)."""
        credential.revoked = True
        for token, (client_id, _) in list(self.tokens.items()):
            if client_id == credential.client_id:
                del self.tokens[token]
        for subscription in self.companies[credential.company_id].subscriptions.values():
            if subscription.credential_id == credential.id:
                subscription.status = "inactive"

    def issue_token(self, credential: Credential) -> tuple[str, int]:
        """Return a new access token and its lifetime in seconds."""
        token, lifetime = secrets.token_hex(32), self.settings.token_lifetime_seconds
        now = self.clock.now()
        if len(self.tokens) > 5000:
            self.tokens = {t: (c, end) for t, (c, end) in self.tokens.items() if end > now}
        self.tokens[token] = (credential.client_id, now + lifetime)
        return token, lifetime - 1

    def credential_of_token(self, token: str) -> Credential | None:
        """Return the credential of a valid access token."""
        client_id, expires_on = self.tokens.get(token, ("", 0.0))
        if expires_on <= self.clock.now():
            return None
        return self.credentials.get(client_id)
