"""SmartRecruiters' rate limits, and how we stay below them.

Source of the numbers: SmartRecruiters docs, rate limiting: 10 requests a second per endpoint and
8 concurrent ones, ``GET /candidates`` 1 concurrent one, all counted per API credential.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

MAX_CONCURRENT = 8
"""Most concurrent calls of one credential, over all endpoints."""

BUSY_RETRY = 0.25
"""Seconds until a retry when all concurrent calls are in use; when one will end is unknown."""


@dataclass(frozen=True)
class Ceiling:
    """The rate limits of one endpoint for one credential."""

    per_second: int = 10
    concurrent: int = MAX_CONCURRENT


def ceiling(endpoint: str) -> Ceiling:
    """The documented limits of an endpoint, which is named like ``GET /candidates``."""
    return Ceiling(concurrent=1) if endpoint == "GET /candidates" else Ceiling()


class Limits(Protocol):
    """Keeps all calls with one credential below SmartRecruiters' limits. Never sleeps.

    ``credential_key``: an opaque text, different for each credential. ``endpoint``: method and path
    template, such as ``GET /jobs/{job_id}``.
    """

    def acquire(self, credential_key: str, endpoint: str) -> AbstractContextManager[None]:
        """Reserve one HTTP request; it counts as concurrent until the context is left.

        Raises Throttled(retry_after > 0), on the call or on entering, and then reserves nothing:

        - if ``ceiling(endpoint).per_second`` requests began within the last second;
        - if ``ceiling(endpoint).concurrent`` requests of this endpoint, or ``MAX_CONCURRENT`` of
          this credential, are in flight;
        - while ``observe`` blocks the endpoint.

        Leaving the context ends the concurrent use; the request still counts for its second. A
        shared implementation must expire the reservations of processes that died, but not before
        the longest possible call (connect and read timeout, 135 s in the slow lane).
        """
        ...

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        """Apply the rate limit headers of an answer; called for every answer, also 429 and 5xx.

        ``Retry-After`` blocks the endpoint for that long. ``X-RateLimit-Remaining: 0`` blocks it
        until the next full second (``blocked_until``), unless our own requests of the last second
        use up the limit already: then counting them is enough.
        ``X-RateLimit-Concurrent-Remaining`` is ignored, because it counts the call that returns it.
        Must not raise.
        """
        ...
