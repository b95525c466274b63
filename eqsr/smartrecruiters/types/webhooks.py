"""Webhook subscriptions, and the log of their deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
