"""Rate and concurrency limits per credential (SmartRecruiters docs: rate limiting).

10 requests a second per endpoint, 8 at once per credential, and ``GET /candidates`` 1 at once. The
window slides over real time, the strictest reading of "10 requests per second". Requests are
counted even when limits are off, so that a test can assert that a client never called too fast.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

PER_SECOND = 10
CONCURRENT = 8
CANDIDATE_LIST = "GET /candidates"


@dataclass
class Usage:
    """Requests of one credential to one endpoint."""

    requests: int = 0
    refused: int = 0
    active: int = 0
    highest_rate: int = 0
    highest_concurrency: int = 0
    attempts: deque[float] = field(default_factory=deque)
    accepted: deque[float] = field(default_factory=deque)


@dataclass
class Ticket:
    """Permission to serve a request, with the values of the rate headers."""

    credential_id: str | None = None
    endpoint: str = ""
    allowed: bool = True
    remaining: int = PER_SECOND
    concurrent_limit: int = CONCURRENT
    concurrent_remaining: int = CONCURRENT

    def headers(self) -> dict[str, str]:
        """Return the four rate headers of every response."""
        return {
            "X-RateLimit-Limit": str(PER_SECOND),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Concurrent-Limit": str(self.concurrent_limit),
            "X-RateLimit-Concurrent-Remaining": str(max(0, self.concurrent_remaining)),
        }


class Limits:
    """Counts requests and, if ``enforced``, refuses those above a limit."""

    def __init__(self, enforced: bool) -> None:
        self.enforced = enforced
        self._lock = threading.Lock()
        self._usage: dict[tuple[str, str], Usage] = {}
        self._active: dict[str, int] = {}

    def reset(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._usage.clear()
            self._active.clear()

    def enter(self, credential_id: str, endpoint: str) -> Ticket:
        """Count a request and return its ticket; call ``leave`` after serving the request."""
        now = time.monotonic()
        with self._lock:
            usage = self._usage.setdefault((credential_id, endpoint), Usage())
            total_active = self._active.get(credential_id, 0)
            alone = endpoint == CANDIDATE_LIST
            limit = 1 if alone else CONCURRENT
            busy = usage.active if alone else total_active
            _forget_before(usage.attempts, now - 1.0)
            _forget_before(usage.accepted, now - 1.0)
            usage.attempts.append(now)
            usage.requests += 1
            usage.highest_rate = max(usage.highest_rate, len(usage.attempts))
            usage.highest_concurrency = max(
                usage.highest_concurrency, usage.active + 1 if alone else total_active + 1
            )
            too_fast = len(usage.accepted) >= PER_SECOND
            too_many = busy >= limit or total_active >= CONCURRENT
            if self.enforced and (too_fast or too_many):
                usage.refused += 1
                left = PER_SECOND - len(usage.accepted)
                return Ticket(credential_id, endpoint, False, left, limit, limit - busy)
            usage.accepted.append(now)
            usage.active += 1
            self._active[credential_id] = total_active + 1
            left = PER_SECOND - len(usage.accepted)
            return Ticket(credential_id, endpoint, True, left, limit, limit - busy - 1)

    def leave(self, ticket: Ticket) -> None:
        """End a served request."""
        if ticket.credential_id is None or not ticket.allowed:
            return
        with self._lock:
            usage = self._usage.get((ticket.credential_id, ticket.endpoint))
            if usage is None:  # the sandbox was reset in between
                return
            usage.active = max(0, usage.active - 1)
            self._active[ticket.credential_id] = max(0, self._active[ticket.credential_id] - 1)

    def report(self) -> list[dict[str, Any]]:
        """Return the highest rate and concurrency and the refusals per credential and endpoint."""
        with self._lock:
            return [
                {
                    "credentialId": credential_id,
                    "endpoint": endpoint,
                    "requests": usage.requests,
                    "refused": usage.refused,
                    "highestRate": usage.highest_rate,
                    "highestConcurrency": usage.highest_concurrency,
                }
                for (credential_id, endpoint), usage in sorted(self._usage.items())
            ]


def _forget_before(moments: deque[float], start: float) -> None:
    while moments and moments[0] <= start:
        moments.popleft()
