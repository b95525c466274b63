"""How fast we may ask SmartRecruiters, and who keeps count.

Source of the numbers: SmartRecruiters docs, rate limiting: 10 requests a second per endpoint and
8 at once, ``GET /candidates`` 1 at once, all counted per API credential.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from threading import Lock
from typing import Protocol

from eqsr.smartrecruiters.errors import Throttled

MAX_CONCURRENT = 8
"""Calls of one credential in flight, over all its endpoints."""

BUSY_RETRY = 0.25
"""Seconds to wait when every turn is taken: nobody can know when a call will end."""

_LONGEST_BLOCK = 3600.0


@dataclass(frozen=True)
class Ceiling:
    """What one endpoint allows one credential."""

    per_second: int = 10
    at_once: int = MAX_CONCURRENT


def ceiling(endpoint: str) -> Ceiling:
    """The documented limit of an endpoint, named like ``GET /candidates``."""
    return Ceiling(at_once=1) if endpoint == "GET /candidates" else Ceiling()


class Limits(Protocol):
    """Keeps all workers of a credential below SmartRecruiters' limits. Never sleeps.

    ``credential_key`` is an opaque text that differs per credential and reveals nothing of it;
    ``endpoint`` is a method and path template, such as ``GET /jobs/{job_id}``.
    """

    def acquire(self, credential_key: str, endpoint: str) -> AbstractContextManager[None]:
        """One turn for one HTTP request, held from entering the context until leaving it.

        Raises Throttled(retry_after > 0) when called or when entered, and then takes nothing:

        - when ``ceiling(endpoint).per_second`` turns began within the last second;
        - when ``ceiling(endpoint).at_once`` turns of this endpoint, or ``AT_ONCE`` of this
          credential, are held;
        - while the endpoint is blocked by ``observe``.

        Leaving gives the held place back, whatever happened, but not the second's turn. A shared
        implementation must let the place of a process that died lapse, not before the longest
        possible call (connect and read timeout, 135 s in the slow lane).
        """
        ...

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        """Obey the headers of an answer; called for every answer, also 429 and 5xx.

        ``Retry-After`` blocks the endpoint for as long as it says, ``X-RateLimit-Remaining: 0``
        until the second turns: see ``blocked_until``. The latter only if somebody else must have
        used the credential too; when our own turns of the last second are all that is allowed,
        counting them is enough. ``X-RateLimit-Concurrent-Remaining`` is not used: it counts the
        very call that brings it. Must not raise.
        """
        ...


def blocked_until(headers: Mapping[str, str], now: float) -> float | None:
    """Until when (seconds since the epoch) an answer's headers forbid the endpoint, or None.

    ``headers`` must be case-insensitive. Unreadable values are ignored.
    """
    wait = retry_after(headers)
    if wait is not None:
        return now + wait
    if _whole(headers.get("X-RateLimit-Remaining")) == 0:
        return floor(now) + 1.0
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, at most an hour, or None.

    SmartRecruiters does not document the header; proxies in front of it may send it.
    """
    seconds = _whole(headers.get("Retry-After"))
    return min(float(seconds), _LONGEST_BLOCK) if seconds else None


def _whole(value: str | None) -> int | None:
    if value is None or not re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return None
    return int(value)


class NoLimits:
    """Every turn is granted: for tests, and for calls that can't be many."""

    def acquire(self, credential_key: str, endpoint: str) -> AbstractContextManager[None]:
        return nullcontext()

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        pass


@dataclass
class _Turns:
    began: deque[float] = field(default_factory=deque)
    held: int = 0
    blocked_until: float = 0.0


class InProcessLimits:
    """Limits for a single process: exact, thread-safe, not shared with others."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._turns: defaultdict[tuple[str, str], _Turns] = defaultdict(_Turns)
        self._held: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def acquire(self, credential_key: str, endpoint: str) -> Iterator[None]:
        turns = self._take(credential_key, endpoint)
        try:
            yield
        finally:
            with self._lock:
                turns.held -= 1
                self._held[credential_key] -= 1

    def observe(self, credential_key: str, endpoint: str, headers: Mapping[str, str]) -> None:
        now = self._now()
        until = blocked_until(headers, now)
        if until is None:
            return
        with self._lock:
            turns = self._turns[credential_key, endpoint]
            ours = sum(now - 1.0 < began <= now for began in turns.began)
            if retry_after(headers) or ours < ceiling(endpoint).per_second:
                turns.blocked_until = max(turns.blocked_until, until)

    def _take(self, credential_key: str, endpoint: str) -> _Turns:
        with self._lock:
            now = self._now()
            turns = self._turns[credential_key, endpoint]
            wait = self._wait(turns, self._held[credential_key], ceiling(endpoint), now)
            if wait > 0:
                raise Throttled(wait, endpoint=endpoint)
            turns.began.append(now)
            turns.held += 1
            self._held[credential_key] += 1
            return turns

    @staticmethod
    def _wait(turns: _Turns, held: int, allowed: Ceiling, now: float) -> float:
        # A turn from the future means that the clock was set back: it no longer counts.
        turns.began = deque(began for began in turns.began if now - 1.0 < began <= now)
        if now < turns.blocked_until <= now + _LONGEST_BLOCK:
            return turns.blocked_until - now
        if len(turns.began) >= allowed.per_second:
            return turns.began[0] + 1.0 - now
        if turns.held >= allowed.at_once or held >= MAX_CONCURRENT:
            return BUSY_RETRY
        return 0.0

    def _now(self) -> float:
        return self._clock().timestamp()
