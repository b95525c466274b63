"""Rate limits within one process."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from eqsr.smartrecruiters.errors.outages import Throttled
from eqsr.smartrecruiters.limits import BUSY_RETRY, MAX_CONCURRENT, Ceiling, ceiling
from eqsr.smartrecruiters.rate_headers import LONGEST_BLOCK, blocked_until, retry_after


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
        if now < usage.blocked_until <= now + LONGEST_BLOCK:
            return usage.blocked_until - now
        if len(usage.began) >= allowed.per_second:
            return usage.began[0] + 1.0 - now
        if usage.in_flight >= allowed.concurrent or in_flight >= MAX_CONCURRENT:
            return BUSY_RETRY
        return 0.0

    def _now(self) -> float:
        return self._clock().timestamp()
