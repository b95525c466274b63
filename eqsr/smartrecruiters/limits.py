"""SmartRecruiters' rate limits, and how we stay below them.

Source of the numbers: SmartRecruiters docs, rate limiting: 10 requests a second per endpoint and
8 concurrent ones, ``GET /candidates`` 1 concurrent one, all counted per API credential.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from threading import Lock
from typing import Protocol

from eqsr.smartrecruiters.errors import Throttled

MAX_CONCURRENT = 8
"""Most concurrent calls of one credential, over all endpoints."""

BUSY_RETRY = 0.25
"""Seconds until a retry when all concurrent calls are in use; when one will end is unknown."""

_LONGEST_BLOCK = 3600.0


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


def blocked_until(headers: Mapping[str, str], now: float) -> float | None:
    """Return until when (seconds since the epoch) headers block the endpoint; None if they don't.

    ``headers`` must be case-insensitive; invalid values are ignored. ``now``: seconds since the
    epoch.
    """
    wait = retry_after(headers)
    if wait is not None:
        return now + wait
    if _whole(headers.get("X-RateLimit-Remaining")) == 0:
        return floor(now) + 1.0
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After: seconds, at most an hour; None if it is absent or invalid.

    SmartRecruiters does not document the header, but proxies in front of it may send it.
    """
    seconds = _whole(headers.get("Retry-After"))
    return min(float(seconds), _LONGEST_BLOCK) if seconds else None


def _whole(value: str | None) -> int | None:
    if value is None or not re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return None
    return int(value)


@dataclass
class _Usage:
    """Requests of one endpoint: when recent ones began (epoch seconds), and how many are open."""

    began: deque[float] = field(default_factory=deque)
    in_flight: int = 0
    blocked_until: float = 0.0


class InProcessLimits:
    """Limits within one process: exact and thread-safe, but not shared with other processes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._usage: defaultdict[tuple[str, str], _Usage] = defaultdict(_Usage)
        self._in_flight: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def acquire(self, credential_key: str, endpoint: str) -> Iterator[None]:
        """Reserve one request; see Limits.acquire."""
        usage = self._reserve(credential_key, endpoint)
        try:
            yield
        finally:
            with self._lock:
                usage.in_flight -= 1
                self._in_flight[credential_key] -= 1

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        """Apply rate limit headers; see Limits.observe."""
        now = self._now()
        until = blocked_until(headers, now)
        if until is None:
            return
        with self._lock:
            usage = self._usage[credential_key, endpoint]
            ours = sum(now - 1.0 < began <= now for began in usage.began)
            if retry_after(headers) or ours < ceiling(endpoint).per_second:
                usage.blocked_until = max(usage.blocked_until, until)

    def _reserve(self, credential_key: str, endpoint: str) -> _Usage:
        with self._lock:
            now = self._now()
            usage = self._usage[credential_key, endpoint]
            wait = self._wait(usage, self._in_flight[credential_key], ceiling(endpoint), now)
            if wait > 0:
                raise Throttled(wait, endpoint=endpoint)
            usage.began.append(now)
            usage.in_flight += 1
            self._in_flight[credential_key] += 1
            return usage

    @staticmethod
    def _wait(usage: _Usage, in_flight: int, allowed: Ceiling, now: float) -> float:
        # Requests with a time in the future remain when the clock was set back; they don't count.
        usage.began = deque(began for began in usage.began if now - 1.0 < began <= now)
        if now < usage.blocked_until <= now + _LONGEST_BLOCK:
            return usage.blocked_until - now
        if len(usage.began) >= allowed.per_second:
            return usage.began[0] + 1.0 - now
        if usage.in_flight >= allowed.concurrent or in_flight >= MAX_CONCURRENT:
            return BUSY_RETRY
        return 0.0

    def _now(self) -> float:
        return self._clock().timestamp()
